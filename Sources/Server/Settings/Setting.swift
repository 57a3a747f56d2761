import Desk

/// One thing that may be set: what it is called, what it may hold, what it means.
struct Setting: Sendable {
    enum Kind: Sendable {
        /// A file or folder; relative ones start where the command is run.
        case path
        case text
        /// Whole numbers in a range.
        case whole(ClosedRange<Int>)
        case choice([String])
    }

    /// In the file; `--data-path` and `QINKE_DATA_PATH` are made from it.
    let name: String
    let kind: Kind
    /// What a number counts; empty for words.
    let unit: String
    let standard: String
    let meaning: Localized

    init(
        _ name: String, _ kind: Kind, unit: String = "", standard: String, zh: String, en: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.standard = standard
        meaning = Localized(zh: zh, en: en)
    }

    /// `webRoot` → `web`, `root`.
    private var words: [String] {
        name.reduce(into: [""]) { words, letter in
            if letter.isUppercase { words.append("") }
            words[words.count - 1] += letter.lowercased()
        }
    }

    var flag: String { "--" + words.joined(separator: "-") }
    var environment: String { "QINKE_" + words.joined(separator: "_").uppercased() }

    /// What is wrong with a value, or nil.
    func complaint(_ value: String) -> Localized? {
        switch kind {
        case .text, .path: return nil
        case .whole(let range):
            if let number = Int(value), range.contains(number) { return nil }
            return Localized(
                zh: "要 \(range.lowerBound) 到 \(range.upperBound) 之间的整数，不是“\(value)”",
                en:
                    "must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(value)\""
            )
        case .choice(let words):
            if words.contains(value) { return nil }
            let list = words.joined(separator: ", ")
            return Localized(
                zh: "只能是 \(list) 之一，不是“\(value)”", en: "must be one of \(list), not \"\(value)\"")
        }
    }

    /// The range or the choices, for the page of settings.
    var bounds: String {
        switch kind {
        case .path, .text: ""
        case .whole(let range): "\(range.lowerBound)…\(range.upperBound)"
        case .choice(let words): words.joined(separator: " · ")
        }
    }
}

extension Setting {
    /// Everything that may be set.
    ///
    /// `Docs/settings.md` is made from this list.
    static let all: [Setting] = [
        Setting(
            "host", .text, standard: "127.0.0.1", zh: "监听的地址；0.0.0.0 表示所有网卡",
            en: "The address to listen on; 0.0.0.0 is every interface"),
        Setting(
            "port", .whole(0...65_535), standard: "8484", zh: "监听的端口；0 表示任选一个空闲的",
            en: "The port to listen on; 0 takes a free one"),
        Setting(
            "data", .path, standard: "var/qinke.sqlite", zh: "数据文件；没有就新建",
            en: "The file of data; made when absent"),
        Setting(
            "database", .text, standard: "",
            zh: "PostgreSQL 的地址 postgres://用户@主机:端口/库名；空表示用数据文件",
            en:
                "The address of a PostgreSQL, postgres://user@host:port/name; empty uses the file of data"
        ),
        Setting(
            "node", .text, standard: "",
            zh: "多个节点共用一个 PostgreSQL 时，这个节点的名字；空表示用主机名和端口",
            en:
                "This node's name where several share a PostgreSQL; empty takes the machine's and the port"
        ),
        Setting(
            "lease", .whole(3...300), unit: "seconds", standard: "12",
            zh: "一个节点多久没有消息就算停了，它的任务由别的节点接手",
            en: "A node unheard of for this long counts as gone, and others take over its duties"),
        Setting(
            "uploads", .choice(["folder", "database"]), standard: "folder",
            zh: "图片和文件存在文件夹里，还是存在数据库里（多个节点共用时）",
            en: "Whether pictures and files lie in the folder, or in the database for several nodes"
        ),
        Setting(
            "files", .path, standard: "", zh: "图片和文件存放的文件夹；空表示数据文件旁边的 files",
            en: "The folder for pictures and files; empty is `files` beside the file of data"),
        Setting(
            "url", .text, standard: "", zh: "外面看到的网址，例如 https://kefu.example.com；空表示用请求里的",
            en:
                "The address seen from outside, such as https://desk.example.com; empty takes the request's"
        ),
        Setting(
            "proxies", .whole(0...5), unit: "count", standard: "0",
            zh: "前面有几层反向代理；它们写的 X-Forwarded-For 才可信",
            en: "Reverse proxies in front, whose X-Forwarded-For is believed"),
        Setting(
            "webRoot", .path, standard: "", zh: "开发时从这个文件夹读取网页；空表示用程序自带的",
            en: "Read the screens from this folder while developing; empty uses the built-in ones"),
        Setting(
            "logLevel", .choice(["debug", "info", "warning", "error"]), standard: "info",
            zh: "日志的详细程度", en: "How much is logged"),
        Setting(
            "logForm", .choice(["text", "json"]), standard: "text", zh: "日志的格式，写到标准错误",
            en: "The form of the log, which goes to standard error"),
        Setting(
            "readers", .whole(1...64), unit: "threads", standard: "3", zh: "读数据库的线程数",
            en: "Threads that read the database"),
        Setting(
            "cache", .whole(1_024...1_048_576), unit: "KiB", standard: "8192",
            zh: "每个数据库连接的页缓存", en: "Page cache of each database connection"),
        Setting(
            "busyTimeout", .whole(0...60_000), unit: "ms", standard: "5000",
            zh: "数据库被别的程序锁住时最多等多久", en: "How long to wait for another program's lock"),
        Setting(
            "connectTimeout", .whole(2...60), unit: "seconds", standard: "5",
            zh: "连接 PostgreSQL 最多等多久", en: "How long a connection to PostgreSQL may take to make"),
        Setting(
            "statementTimeout", .whole(1_000...600_000), unit: "ms", standard: "30000",
            zh: "PostgreSQL 里一条语句最多执行多久",
            en: "How long one statement may take in PostgreSQL"),
        Setting(
            "lockTimeout", .whole(100...600_000), unit: "ms", standard: "10000",
            zh: "在 PostgreSQL 里等别的节点的锁最多等多久",
            en: "How long to wait in PostgreSQL for another node's lock"),
        Setting(
            "storePatience", .whole(0...60_000), unit: "ms", standard: "2000",
            zh: "PostgreSQL 断开后，写入最多等它多久再回答“连不上”",
            en: "How long writes wait for a PostgreSQL that is away before they are refused"),
        Setting(
            "waiting", .whole(100...1_000_000), unit: "count", standard: "20000",
            zh: "最多有多少个写入在等；再多就回答“正忙”",
            en: "Writes that may wait; one more is answered \"busy\""),
        Setting(
            "group", .whole(1...10_000), unit: "count", standard: "2048",
            zh: "一次提交最多合并多少个写入", en: "Writes that one commit may hold"),
        Setting(
            "commands", .whole(1...1_000_000), unit: "per second", standard: "30",
            zh: "一个连接平均每秒最多多少个命令；再多就拒绝，一直超出就断开",
            en: "Commands a second that one connection may give on average; more are refused"),
        Setting(
            "commandBurst", .whole(1...1_000_000), unit: "count", standard: "100",
            zh: "一个连接一下子最多多少个命令", en: "Commands that one connection may give at once"),
        Setting(
            "idle", .whole(5...3_600), unit: "seconds", standard: "75",
            zh: "普通连接空闲多久后关闭", en: "A plain connection that idles this long is closed"),
        Setting(
            "backupEvery", .whole(0...720), unit: "hours", standard: "24",
            zh: "运行时隔多久自动备份一次；0 表示不备份",
            en: "How often a backup is made while the server runs; 0 makes none"),
        Setting(
            "backupFolder", .path, standard: "", zh: "自动备份放在哪里；空表示数据文件旁边的 backups",
            en: "Where automatic backups go; empty is `backups` beside the file of data"),
        Setting(
            "keepDaily", .whole(0...366), unit: "count", standard: "7", zh: "保留最近多少天的备份（每天最新一份）",
            en: "Days whose newest backup is kept"),
        Setting(
            "keepWeekly", .whole(0...520), unit: "count", standard: "4", zh: "保留最近多少周的备份（每周最新一份）",
            en: "Weeks whose newest backup is kept"),
        Setting(
            "keepMonthly", .whole(0...1_200), unit: "count", standard: "12",
            zh: "保留最近多少个月的备份（每月最新一份）", en: "Months whose newest backup is kept"),
        Setting(
            "continuousFolder", .path, standard: "",
            zh: "把每个事务连续抄到这个文件夹，以后能恢复到任意一刻（仅 SQLite；最好在另一块盘）；空表示不抄",
            en:
                "Copy every transaction to this folder, so that any moment can be restored (SQLite only; best on another disk); empty copies nothing"
        ),
        Setting(
            "continuousEvery", .whole(1...3_600), unit: "seconds", standard: "1",
            zh: "隔多久抄一次；最多丢这么久的数据", en: "How often it is copied; so much can be lost with the disk"),
        Setting(
            "continuousBase", .whole(1...720), unit: "hours", standard: "24",
            zh: "隔多久做一份完整副本；越短恢复越快",
            en: "How often a whole copy is made; the shorter, the faster a restore"),
        Setting(
            "continuousKeep", .whole(1...3_650), unit: "days", standard: "7",
            zh: "能恢复到多久以前", en: "How far back a restore can go"),
        Setting(
            "certificate", .path, standard: "",
            zh: "前面的代理用的 TLS 证书（PEM 文件）；写了就在快到期时提醒",
            en:
                "The TLS certificate (PEM file) of the proxy in front; named here, its end is told in time"
        ),
        Setting(
            "trackingAddress", .text, standard: "",
            zh: "物流查询服务的地址，例如 https://poll.kuaidi100.com/poll/query.do；空表示不查询",
            en:
                "The address of a tracking service such as https://poll.kuaidi100.com/poll/query.do; empty asks none"
        ),
        Setting(
            "trackingCustomer", .text, standard: "", zh: "在物流查询服务那里的客户编号",
            en: "The customer's number with the tracking service"),
        Setting(
            "trackingKey", .text, standard: "", zh: "在物流查询服务那里的密钥",
            en: "The key given by the tracking service"),
        Setting(
            "trackingSalt", .text, standard: "",
            zh: "物流推送到 /v1/tracking?shop=店铺代号 时验证签名用的盐；空表示不接受推送",
            en:
                "The salt that signs what is pushed to /v1/tracking?shop=SLUG; empty takes no pushes"
        ),
        Setting(
            "grace", .whole(1...600), unit: "seconds", standard: "15",
            zh: "停止时最多等连接收尾多久", en: "How long stopping waits for connections to finish"),
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
