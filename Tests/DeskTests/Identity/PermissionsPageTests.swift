import Desk
import Foundation
import Testing

/// `Docs/permissions.md` is the table of the code, not a memory of it.
@Suite struct `The page of permissions` {
    private static let page = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Docs/permissions.md")

    /// `QINKE_WRITE_PAGES=1 swift test --filter PermissionsPageTests` writes the page.
    @Test func `says what the code gives to whom`() throws {
        let text = Self.text()
        if ProcessInfo.processInfo.environment["QINKE_WRITE_PAGES"] != nil {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == text)
    }

    @Test func `has a line for every permission`() {
        let told = Grants.rules.map(\.permission)
        #expect(Set(told) == Set(Permission.allCases))
        #expect(told.count == Permission.allCases.count)
    }

    private static func text() -> String {
        let roles = Role.allCases.filter { $0 != .owner }
        var lines = [
            "# 权限 · Permissions", "",
            "老板拥有全部权限。其余的人按角色和级别：格子里是从哪个级别起拥有，“✔”表示这个角色的每个人，空格表示没有。"
                + "外包员工只有“外包”一列打勾的权限。", "",
            "The owner has everything. Others by role and level: a cell says from which level on, ✔ is everybody "
                + "of that role, an empty cell is nobody. Outsourced staff have only what the column says.",
            "",
            "This page is made from `Sources/Desk/Identity/Permission.swift`; a test compares them.",
            "",
            "| 权限 · permission | | "
                + roles.map { "\($0.name.zh) · \($0.name.en)" }.joined(separator: " | ")
                + " | 外包 · outsourced |",
            "|---|---|" + roles.map { _ in "---|" }.joined() + "---|",
        ]
        for rule in Grants.rules {
            let cells = roles.map { role in
                guard let least = rule.from[role] else { return "" }
                return least <= role.levels.lowerBound ? "✔" : "\(least.name.zh) · \(least.name.en)"
            }
            let name = rule.permission.name
            lines.append(
                "| `\(rule.permission.rawValue)` | \(name.zh) · \(name.en) | "
                    + cells.joined(separator: " | ") + " | \(rule.outsourced ? "✔" : "") |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
