/// A rule that a shop sets for itself.
///
/// The raw value is stable; the value is a whole number in the key's unit.
package enum PolicyKey: String, Hashable, Sendable, Codable, CaseIterable {
    case replyWithin
    case replyWarning
    case withdrawWithin
    case editWithin
    case reopenWithin
    case capTrainee
    case capJunior
    case capMid
    case capSenior
    case capSupervisor
    case capManager
    case capDirector
    case graceAfterDisconnect
    case giveBackUnanswered
    case queueLimit
    case messageLength
    case uploadSize
    case uploadPixels
    case uploadsPerHour
    case snoozeMax
    case sessionIdle
    case sessionLongest
    case buyerTokenIdle
    case identityTokenLife
    case passwordLength
    case parcelCollect
    case parcelStuckNear
    case parcelStuckFar
    case parcelLocker
    case parcelPromiseWarning
    case parcelRename
    case delayNoticesPerBatch
    case delayNoticeEvery
    case carrierReply
    case importSize
    case exportRows
    case holdUsual
    case holdLongest
    case expiringWithin
    case orderPayWithin
    case orderShipWithin
    case orderReceiptWithin
    case orderBalanceWithin
    case orderCloseNotBefore
    case orderReminders
    case orderRemindersApart
    case orderQuietFrom
    case orderQuietTo
    case proxyStalledAfter
    case shipCutOff
}

/// What a key means and which values it takes.
package struct PolicyField: Sendable {
    package enum Unit: String, Sendable, Codable {
        case seconds
        case minutes
        case hours
        case days
        case count
        case bytes
    }

    package let key: PolicyKey
    package let unit: Unit
    package let standard: Int
    package let bounds: ClosedRange<Int>
    package let name: Localized
    package let help: Localized

    init(
        _ key: PolicyKey, _ standard: Int, _ unit: Unit, _ bounds: ClosedRange<Int>,
        _ zh: String, _ en: String, helpZh: String, helpEn: String
    ) {
        self.key = key
        self.unit = unit
        self.standard = standard
        self.bounds = bounds
        name = Localized(zh: zh, en: en)
        help = Localized(zh: helpZh, en: helpEn)
    }

    package static func of(_ key: PolicyKey) -> PolicyField { byKey[key] ?? all[0] }

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    /// In the order of the settings screen.
    package static let all: [PolicyField] = [
        PolicyField(
            .replyWithin, 180, .seconds, 10...86_400, "回复时限", "Reply within",
            helpZh: "买家发出消息后，多久之内要有人工回复", helpEn: "How soon a person answers a waiting buyer"),
        PolicyField(
            .replyWarning, 60, .seconds, 5...86_400, "超时预警", "Warn before the deadline",
            helpZh: "离时限还有多久时变色提醒", helpEn: "How long before the deadline the clock changes colour"),
        PolicyField(
            .withdrawWithin, 120, .seconds, 0...3_600, "撤回时限", "Withdraw within",
            helpZh: "发出后多久之内可以撤回；0 为不可撤回", helpEn: "How long a message can be withdrawn; 0 = never"),
        PolicyField(
            .editWithin, 120, .seconds, 0...3_600, "修改时限", "Edit within",
            helpZh: "发出后多久之内可以修改；0 为不可修改", helpEn: "How long a message can be changed; 0 = never"),
        PolicyField(
            .reopenWithin, 72, .hours, 0...2_160, "重新打开时限", "Reopen within",
            helpZh: "会话结束后多久之内，买家再来仍接着原会话",
            helpEn: "How long after its end a buyer continues the same conversation"),
        cap(.capTrainee, 3, .trainee),
        cap(.capJunior, 5, .junior),
        cap(.capMid, 8, .mid),
        cap(.capSenior, 10, .senior),
        cap(.capSupervisor, 12, .supervisor),
        cap(.capManager, 12, .manager),
        cap(.capDirector, 12, .director),
        PolicyField(
            .graceAfterDisconnect, 60, .seconds, 5...1_800, "掉线宽限", "Grace after a lost link",
            helpZh: "客服掉线后等多久再把会话转给别人",
            helpEn: "How long an agent's conversations wait for their browser to return"),
        PolicyField(
            .giveBackUnanswered, 300, .seconds, 30...7_200, "未回复收回", "Give back unanswered",
            helpZh: "分到会话后多久没有回复就重新分配",
            helpEn:
                "How long an assigned conversation may stay unanswered before it is given to somebody else"
        ),
        PolicyField(
            .queueLimit, 500, .count, 1...100_000, "排队上限", "Longest queue",
            helpZh: "排队超过这个人数时请买家留言",
            helpEn: "Beyond this many waiting buyers a message form is offered instead"),
        PolicyField(
            .messageLength, 4_000, .count, 100...20_000, "消息长度", "Message length",
            helpZh: "一条消息最多多少字", helpEn: "Characters in one message, at most"),
        PolicyField(
            .uploadSize, 20_971_520, .bytes, 65_536...104_857_600, "文件大小", "File size",
            helpZh: "一个文件最大多少字节", helpEn: "Bytes in one file, at most"),
        PolicyField(
            .uploadPixels, 40_000_000, .count, 1_000_000...100_000_000, "图片像素", "Image pixels",
            helpZh: "一张图片最多多少像素，防止解压炸弹",
            helpEn: "Pixels in one image, at most; a guard against decompression bombs"),
        PolicyField(
            .uploadsPerHour, 60, .count, 1...10_000, "买家每小时上传数", "Uploads of a buyer per hour",
            helpZh: "一位买家一小时最多上传几个文件", helpEn: "Files that one buyer may send in an hour"),
        PolicyField(
            .snoozeMax, 30, .days, 1...365, "最长搁置", "Longest snooze",
            helpZh: "会话最多搁置多少天", helpEn: "How far ahead a conversation can be put off"),
        PolicyField(
            .sessionIdle, 12, .hours, 1...720, "登录闲置时限", "Log out when idle for",
            helpZh: "多久没有动作就自动退出登录", helpEn: "A log-in ends after this long without use"),
        PolicyField(
            .sessionLongest, 7, .days, 1...90, "登录最长时限", "Longest log-in",
            helpZh: "登录满这么久必须重新登录", helpEn: "A log-in ends after this long in any case"),
        PolicyField(
            .buyerTokenIdle, 180, .days, 1...1_095, "买家会话凭据时限", "Remember a buyer for",
            helpZh: "买家多久没来就忘记这台设备",
            helpEn: "A buyer's device is forgotten after this long without a visit"),
        PolicyField(
            .identityTokenLife, 60, .minutes, 1...60, "买家身份令牌时限",
            "Life of a buyer's identity token",
            helpZh: "店铺网站签发的身份令牌最多有效多久",
            helpEn: "How long a token signed by the shop's site may be valid"),
        PolicyField(
            .passwordLength, 10, .count, 8...64, "密码最短长度", "Shortest password",
            helpZh: "新密码至少多少个字符", helpEn: "Characters in a new password, at least"),
        PolicyField(
            .parcelCollect, 48, .hours, 1...720, "揽收时限", "Collected within",
            helpZh: "付款后多久快递还没揽收就算未揽收；快递公司可另设",
            helpEn:
                "How long after payment a parcel may wait for the carrier; a carrier may have its own"
        ),
        PolicyField(
            .parcelStuckNear, 36, .hours, 1...720, "停滞判定", "Stuck after",
            helpZh: "多久没有新的物流记录就算停滞；快递公司可另设",
            helpEn: "How long without news a parcel counts as stuck; a carrier may have its own"),
        PolicyField(
            .parcelStuckFar, 72, .hours, 1...720, "偏远停滞判定", "Stuck after, remote",
            helpZh: "偏远和跨境线路多久没有新的物流记录就算停滞",
            helpEn: "The same for remote and cross-border routes"),
        PolicyField(
            .parcelLocker, 72, .hours, 1...720, "驿站滞留判定", "Left at a station after",
            helpZh: "到驿站或快递柜多久没人取就算停滞",
            helpEn: "How long a parcel may lie at a station or locker"),
        PolicyField(
            .parcelPromiseWarning, 12, .hours, 1...168, "承诺时间预警", "Watch a promise before",
            helpZh: "离承诺送达时间还有多久时列入预警",
            helpEn: "How long before a promised time a parcel is watched"),
        PolicyField(
            .parcelRename, 50, .days, 1...365, "改运单号时限", "Correct a waybill within",
            helpZh: "发货后多少天之内可以改运单号",
            helpEn: "How long after shipping a waybill number can be corrected"),
        PolicyField(
            .delayNoticesPerBatch, 500, .count, 1...5_000, "一批延误通知上限", "Delay notices in a batch",
            helpZh: "一批延误通知最多发给多少个包裹",
            helpEn: "Parcels whose buyers are told in one batch, at most"),
        PolicyField(
            .delayNoticeEvery, 48, .hours, 1...720, "延误通知间隔", "Delay notices apart",
            helpZh: "同一个包裹多久之内不再发第二次延误通知",
            helpEn: "How long a parcel's buyer is not told of a delay again"),
        PolicyField(
            .carrierReply, 7, .days, 1...60, "快递答复时限", "Carrier answers within",
            helpZh: "快递公司应在几天内答复投诉；法规规定 7 天",
            helpEn: "How soon a carrier must answer a complaint; the rules say 7 days"),
        PolicyField(
            .importSize, 536_870_912, .bytes, 1_048_576...4_294_967_296, "导入文件大小",
            "Size of an import file",
            helpZh: "一个导入文件最大多少字节", helpEn: "Bytes in one file that is imported, at most"),
        PolicyField(
            .exportRows, 100_000, .count, 100...5_000_000, "导出行数", "Rows of an export",
            helpZh: "一次最多导出多少行", helpEn: "Rows that leave in one export, at most"),
        PolicyField(
            .holdUsual, 30, .minutes, 1...10_080, "预留时间", "Keep goods for a buyer for",
            helpZh: "给买家预留的货平常保留多久", helpEn: "How long goods are usually held for a buyer"),
        PolicyField(
            .holdLongest, 1_440, .minutes, 1...10_080, "最长预留时间", "Longest hold",
            helpZh: "给买家预留的货最多保留多久", helpEn: "How long goods may be held at most"),
        PolicyField(
            .expiringWithin, 30, .days, 1...365, "临期天数", "Near its date",
            helpZh: "离到期日还有多少天算临期", helpEn: "How many days before its date a lot is shown"),
        PolicyField(
            .orderPayWithin, 1_440, .minutes, 5...43_200, "付款时限", "Pay within",
            helpZh: "下单后多久不付款就自动关闭", helpEn: "An unpaid order closes by itself after this"),
        PolicyField(
            .orderShipWithin, 48, .hours, 1...720, "发货时限", "Ship within",
            helpZh: "付款后多久之内要发货", helpEn: "How soon after the payment an order must leave"),
        PolicyField(
            .orderReceiptWithin, 10, .days, 1...90, "自动确认收货", "Confirm receipt after",
            helpZh: "全部发货后多久自动确认收货；有退款时暂停",
            helpEn:
                "How long after shipping receipt is confirmed by itself; not while a refund is open"
        ),
        PolicyField(
            .orderBalanceWithin, 168, .hours, 1...2_160, "尾款时限", "Pay the balance within",
            helpZh: "预售定金付后多久之内付尾款，过时定金不退",
            helpEn: "How long after the deposit the balance may come; then the deposit is forfeited"
        ),
        PolicyField(
            .orderCloseNotBefore, 10, .seconds, 0...600, "下单后多久才能关闭", "Close not before",
            helpZh: "平台规定下单 10 秒内不能关闭", helpEn: "Platforms refuse to close an order sooner"),
        PolicyField(
            .orderReminders, 2, .count, 0...10, "每单催付次数", "Reminders of an order",
            helpZh: "一个订单最多催付几次", helpEn: "How often a buyer is reminded of one payment, at most"),
        PolicyField(
            .orderRemindersApart, 4, .hours, 0...168, "催付间隔", "Reminders apart",
            helpZh: "两次催付之间至少隔多久", helpEn: "Hours between two reminders, at least"),
        PolicyField(
            .orderQuietFrom, 22, .count, 0...23, "免打扰从几点", "Quiet from",
            helpZh: "从几点起不催付（店铺时区）", helpEn: "No reminders from this hour of the shop's day"),
        PolicyField(
            .orderQuietTo, 8, .count, 0...23, "免打扰到几点", "Quiet until",
            helpZh: "到几点可以催付", helpEn: "Reminders may be sent again from this hour"),
        PolicyField(
            .proxyStalledAfter, 48, .hours, 1...720, "代购停滞判定", "Purchase stalled after",
            helpZh: "代购多久没有进展就提醒",
            helpEn: "A purchase on behalf without news for so long is pointed out"),
        PolicyField(
            .shipCutOff, 16 * 60, .minutes, 0...1_440, "当天发货截止", "Leaves the same day until",
            helpZh: "当天几点（从零点起的分钟数）之前下单当天发货；估计送达日期时用",
            helpEn:
                "Minutes after midnight until which an order leaves the same day; for dates told before a purchase"
        ),
    ]

    private static func cap(
        _ key: PolicyKey, _ standard: Int, _ level: StaffLevel
    ) -> PolicyField {
        PolicyField(
            key, standard, .count, 1...200, "\(level.name.zh)同时接待数",
            "\(level.name.en): conversations at once",
            helpZh: "\(level.name.zh)级别的人最多同时接待几位买家",
            helpEn: "How many buyers somebody of this level answers at the same time")
    }
}
