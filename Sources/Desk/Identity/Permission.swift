/// One thing that someone may do.
///
/// The raw value is stable: tokens, the audit and the screens hold it.
///
/// Every duty that could hurt the shop or a buyer has its own name, so that each is given only where it is needed
/// (domain B09).
package enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
    case conversationAnswer = "conversation.answer"
    case conversationReadAll = "conversation.readAll"
    case conversationWatch = "conversation.watch"
    case conversationWhisper = "conversation.whisper"
    case conversationTakeOver = "conversation.takeOver"
    case conversationTransferAny = "conversation.transferAny"
    case messageSearch = "message.search"
    case messageSearchAll = "message.searchAll"
    case messageHistory = "message.history"
    case buyerRead = "buyer.read"
    case buyerContact = "buyer.contact"
    case uploadRead = "upload.read"
    case phrasesUse = "phrases.use"
    case phrasesEditShop = "phrases.editShop"
    case staffRead = "staff.read"
    case staffManage = "staff.manage"
    case groupsManage = "groups.manage"
    case sessionsRead = "sessions.read"
    case sessionsEndOthers = "sessions.endOthers"
    case tokensManage = "tokens.manage"
    case auditRead = "audit.read"
    case policyEdit = "policy.edit"
    case shopEdit = "shop.edit"
    case identityRotate = "identity.rotate"
    case wallRead = "wall.read"
    case metricsRead = "metrics.read"
    case parcelRead = "parcel.read"
    case parcelEdit = "parcel.edit"
    case delayNotify = "delay.notify"
    case carrierManage = "carrier.manage"
    case exchangeImport = "exchange.import"
    case exchangeExport = "exchange.export"
    case catalogRead = "catalog.read"
    case catalogEdit = "catalog.edit"
    case stockRead = "stock.read"
    case stockMove = "stock.move"
    case stockHold = "stock.hold"
    case orderRead = "order.read"
    case orderEdit = "order.edit"
    case orderPrice = "order.price"
    case orderClose = "order.close"
    case orderPay = "order.pay"
    case orderShip = "order.ship"
    case orderBulk = "order.bulk"
    case receiverRead = "receiver.read"
    case paymentRead = "payment.read"

    package var name: Localized {
        switch self {
        case .conversationAnswer: Localized(zh: "接待买家", en: "Answer buyers")
        case .conversationReadAll:
            Localized(zh: "查看所有人的会话", en: "Read everybody's conversations")
        case .conversationWatch: Localized(zh: "旁观会话", en: "Watch a conversation silently")
        case .conversationWhisper:
            Localized(zh: "向接待人悄悄提示", en: "Whisper to the agent who answers")
        case .conversationTakeOver: Localized(zh: "接管会话", en: "Take a conversation over")
        case .conversationTransferAny:
            Localized(zh: "转接别人的会话", en: "Transfer other people's conversations")
        case .messageSearch: Localized(zh: "搜索自己的消息", en: "Search own conversations")
        case .messageSearchAll: Localized(zh: "搜索全店消息", en: "Search the whole shop's messages")
        case .messageHistory:
            Localized(
                zh: "查看消息修改和撤回前的内容", en: "Read what a message said before it was changed")
        case .buyerRead: Localized(zh: "查看买家卡片", en: "See a buyer's card")
        case .buyerContact:
            Localized(zh: "查看买家联系方式", en: "See how a buyer can be reached")
        case .uploadRead: Localized(zh: "查看图片和文件", en: "Open images and files")
        case .phrasesUse:
            Localized(zh: "使用快捷短语，维护自己的短语", en: "Use quick phrases and keep one's own")
        case .phrasesEditShop: Localized(zh: "维护全店快捷短语", en: "Edit the shop's quick phrases")
        case .staffRead: Localized(zh: "查看同事名单", en: "See who works here")
        case .staffManage: Localized(zh: "管理员工", en: "Manage staff")
        case .groupsManage: Localized(zh: "管理分组", en: "Manage groups")
        case .sessionsRead: Localized(zh: "查看所有人的登录", en: "See everybody's log-ins")
        case .sessionsEndOthers: Localized(zh: "让别人下线", en: "End other people's log-ins")
        case .tokensManage: Localized(zh: "管理接口令牌", en: "Manage API tokens")
        case .auditRead: Localized(zh: "查看审计记录", en: "Read the audit log")
        case .policyEdit: Localized(zh: "修改店铺规则", en: "Change the shop's rules")
        case .shopEdit: Localized(zh: "修改店铺设置", en: "Change the shop's settings")
        case .identityRotate:
            Localized(zh: "更换买家身份签名密钥", en: "Replace the secret that signs buyers in")
        case .wallRead: Localized(zh: "查看大屏", en: "See the wall")
        case .metricsRead: Localized(zh: "读取运行指标", en: "Read running figures")
        case .parcelRead: Localized(zh: "查看包裹和物流", en: "See parcels and their tracks")
        case .parcelEdit:
            Localized(
                zh: "处理包裹：拦截、改派、快递工单", en: "Act on parcels: intercept, redirect, carrier tickets")
        case .delayNotify: Localized(zh: "批量通知买家延误", en: "Tell buyers of delays in batches")
        case .carrierManage: Localized(zh: "维护快递公司", en: "Keep the list of carriers")
        case .exchangeImport:
            Localized(zh: "导入订单和商品，撤销导入", en: "Import orders and items, and undo imports")
        case .exchangeExport: Localized(zh: "导出清单", en: "Export lists")
        case .stockRead: Localized(zh: "查看库存", en: "See the stock")
        case .stockMove:
            Localized(zh: "入库、调拨、盘点、报损", en: "Buy in, transfer, count and write off stock")
        case .stockHold: Localized(zh: "给买家预留货", en: "Hold goods for a buyer")
        case .orderRead: Localized(zh: "查看订单", en: "See orders")
        case .orderEdit: Localized(zh: "下单、修改和跟进订单", en: "Place, change and follow up orders")
        case .orderPrice: Localized(zh: "改价和改邮费", en: "Change prices and postage")
        case .orderClose: Localized(zh: "取消订单和商品", en: "Cancel orders and lines")
        case .orderPay: Localized(zh: "登记付款和退款", en: "Record payments and refunds")
        case .orderShip: Localized(zh: "登记发货", en: "Ship orders")
        case .orderBulk: Localized(zh: "批量处理订单", en: "Act on many orders at once")
        case .receiverRead: Localized(zh: "查看收货人完整信息", en: "See receivers in full")
        case .catalogRead: Localized(zh: "查看商品，报告商品错误", en: "See goods and report mistakes")
        case .catalogEdit: Localized(zh: "编辑商品、分类和运费", en: "Edit goods, categories and freight")
        case .paymentRead: Localized(zh: "查看收支流水", en: "See the ledger of payments")
        }
    }
}

/// Who has which permission: the one table, printed in `Docs/permissions.md`.
package enum Grants {
    /// One line of the table.
    ///
    /// The owner has everything, so only the others are told.
    package struct Rule: Sendable {
        package let permission: Permission
        /// The roles that have it, each from a level on.
        package let from: [Role: StaffLevel]
        /// Whether someone employed by another firm has it too.
        package let outsourced: Bool

        init(_ permission: Permission, _ from: [Role: StaffLevel], outsourced: Bool = false) {
            self.permission = permission
            self.from = from
            self.outsourced = outsourced
        }

        func gives(to standing: Standing) -> Bool {
            if standing.role == .owner { return true }
            guard let least = from[standing.role], standing.level >= least else { return false }
            return outsourced || standing.employment != .outsourced
        }
    }

    package static let rules: [Rule] = [
        Rule(
            .conversationAnswer, [.agent: .trainee, .supervisor: .supervisor], outsourced: true),
        Rule(.conversationReadAll, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.conversationWatch, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.conversationWhisper, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.conversationTakeOver, [.supervisor: .supervisor]),
        Rule(.conversationTransferAny, [.supervisor: .supervisor]),
        Rule(.messageSearch, [.agent: .trainee, .supervisor: .supervisor], outsourced: true),
        Rule(.messageSearchAll, [.agent: .mid, .supervisor: .supervisor]),
        Rule(.messageHistory, [.supervisor: .supervisor]),
        Rule(.buyerRead, [.agent: .trainee, .supervisor: .supervisor], outsourced: true),
        Rule(.buyerContact, [.agent: .junior, .supervisor: .supervisor]),
        Rule(
            .uploadRead, [.agent: .trainee, .supervisor: .supervisor, .colleague: .trainee],
            outsourced: true),
        Rule(.phrasesUse, [.agent: .trainee, .supervisor: .supervisor], outsourced: true),
        Rule(.phrasesEditShop, [.agent: .senior, .supervisor: .supervisor]),
        Rule(
            .staffRead,
            [
                .agent: .trainee, .supervisor: .supervisor, .colleague: .trainee,
                .accountant: .trainee, .technician: .trainee,
            ], outsourced: true),
        Rule(.staffManage, [.supervisor: .manager]),
        Rule(.groupsManage, [.supervisor: .supervisor]),
        Rule(.sessionsRead, [.supervisor: .supervisor]),
        Rule(.sessionsEndOthers, [.supervisor: .supervisor]),
        Rule(.tokensManage, [.supervisor: .director, .technician: .trainee]),
        Rule(.auditRead, [.supervisor: .manager, .accountant: .trainee]),
        Rule(.policyEdit, [.supervisor: .manager]),
        Rule(.shopEdit, [.supervisor: .manager, .technician: .trainee]),
        Rule(.identityRotate, [.supervisor: .director, .technician: .trainee]),
        Rule(.wallRead, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.metricsRead, [.supervisor: .manager, .technician: .trainee]),
        Rule(
            .parcelRead,
            [.agent: .trainee, .supervisor: .supervisor, .colleague: .trainee], outsourced: true),
        Rule(.parcelEdit, [.agent: .junior, .supervisor: .supervisor]),
        Rule(.delayNotify, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.carrierManage, [.supervisor: .manager]),
        Rule(.exchangeImport, [.supervisor: .supervisor, .technician: .trainee]),
        Rule(.exchangeExport, [.supervisor: .supervisor, .accountant: .trainee]),
        Rule(
            .stockRead,
            [
                .agent: .trainee, .supervisor: .supervisor, .colleague: .trainee,
                .accountant: .trainee,
            ], outsourced: true),
        Rule(
            .orderRead,
            [.agent: .trainee, .supervisor: .supervisor, .accountant: .trainee], outsourced: true),
        Rule(.orderEdit, [.agent: .junior, .supervisor: .supervisor], outsourced: true),
        Rule(.orderPrice, [.agent: .senior, .supervisor: .supervisor]),
        Rule(.orderClose, [.agent: .junior, .supervisor: .supervisor]),
        Rule(.orderPay, [.agent: .senior, .supervisor: .supervisor, .accountant: .trainee]),
        Rule(.orderShip, [.agent: .junior, .supervisor: .supervisor]),
        Rule(.orderBulk, [.agent: .mid, .supervisor: .supervisor]),
        Rule(.receiverRead, [.agent: .junior, .supervisor: .supervisor]),
        Rule(
            .catalogRead,
            [
                .agent: .trainee, .supervisor: .supervisor, .colleague: .trainee,
                .accountant: .trainee,
            ], outsourced: true),
        Rule(.stockMove, [.supervisor: .supervisor, .colleague: .junior]),
        Rule(.stockHold, [.agent: .junior, .supervisor: .supervisor], outsourced: true),
        Rule(.catalogEdit, [.supervisor: .supervisor]),
        Rule(.paymentRead, [.supervisor: .supervisor, .accountant: .trainee]),
    ]

    package static func permissions(of standing: Standing) -> Set<Permission> {
        table[standing] ?? []
    }

    /// Computed once: it is asked at every request.
    private static let table: [Standing: Set<Permission>] = {
        var table: [Standing: Set<Permission>] = [:]
        for role in Role.allCases {
            for level in StaffLevel.allCases {
                for employment in EmploymentType.allCases {
                    let standing = Standing(role, level, employment)
                    table[standing] = Set(
                        rules.filter { $0.gives(to: standing) }.map(\.permission))
                }
            }
        }
        return table
    }()
}
