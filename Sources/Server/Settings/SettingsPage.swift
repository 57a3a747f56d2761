import Desk

/// `Docs/settings.md`, made from the table; a test compares it with the file.
enum SettingsPage {
    static var text: String {
        var lines = [
            "# 设置 · Settings", "",
            "先后：命令行 > 环境变量 > 文件（`--config`、`QINKE_CONFIG` 或当前目录的 `qinke.yaml`）> 默认。"
                + "`qinke config` 打印生效的值和来处，`qinke config --page` 生成本页。", "",
            "Precedence: flag > environment > file (`--config`, `QINKE_CONFIG`, or `qinke.yaml` where the command is "
                + "run) > default. `qinke config` prints what is in force and where it came from; "
                + "`qinke config --page` makes this page.", "",
            "| name | flag · environment | unit | default | values | 说明 · meaning |",
            "|---|---|---|---|---|---|",
        ]
        for setting in Setting.all {
            let standard = setting.standard.isEmpty ? "" : "`\(setting.standard)`"
            lines.append(
                "| `\(setting.name)` | `\(setting.flag)` · `\(setting.environment)` | \(setting.unit) "
                    + "| \(standard) | \(setting.bounds) | \(setting.meaning.zh)<br>\(setting.meaning.en) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
