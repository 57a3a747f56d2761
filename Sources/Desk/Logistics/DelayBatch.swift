import Foundation

/// What a buyer whose parcel is late may choose.
package enum DelayOption: String, Hashable, Sendable, Codable, CaseIterable {
    case wait, refund, reship

    package var name: Localized {
        switch self {
        case .wait: Localized(zh: "继续等待", en: "Wait for it")
        case .refund: Localized(zh: "退款", en: "A refund")
        case .reship: Localized(zh: "补发一件", en: "A new parcel")
        }
    }
}

/// What a shop is about to tell the buyers of late parcels (延误通知).
package struct DelayDraft: Hashable, Sendable {
    package enum Tongue: String, Hashable, Sendable, Codable { case zh, en }

    /// Why it is late, in words for buyers.
    package let reason: String
    /// No parcel is promised earlier than this; nil = what each parcel's own way takes.
    package let date: Instant?
    package let options: [DelayOption]
    package let tongue: Tongue

    /// - Throws: which part does not fit.
    package init(
        reason: String, date: Instant?, options: [DelayOption], tongue: Tongue, now: Instant
    ) throws(Refusal) {
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (2...200).contains(reason.count) else {
            throw Refusal(
                .invalid, "delay.reason", zh: "请用 2 到 200 个字说明为什么晚了",
                en: "Say why it is late in 2 to 200 characters", field: "reason")
        }
        if let date {
            guard now < date, date - now < .days(60) else {
                throw Refusal(
                    .invalid, "delay.date", zh: "新的日期要在今天之后、60 天之内",
                    en: "The new date is after now and within 60 days", field: "date")
            }
        }
        let offered = DelayOption.allCases.filter(options.contains)
        guard !offered.isEmpty else {
            throw Refusal(
                .invalid, "delay.options", zh: "至少给买家一个选择",
                en: "Offer the buyer at least one choice", field: "options")
        }
        self.reason = reason
        self.date = date
        self.options = offered
        self.tongue = tongue
    }

    /// The date that one parcel's buyer is told: never earlier than its way still takes.
    package func date(for parcel: Parcel, at now: Instant) -> Instant {
        let honest = parcel.honestDate(at: now)
        guard let date else { return honest }
        return max(date, honest)
    }

    /// The words to one parcel's buyer.
    package func text(
        for parcel: Parcel, carrier: String, date: Instant, zone: String
    ) -> String {
        let day = Self.day(date, in: zone, tongue)
        let choices = options.enumerated().map { index, option in
            "\(index + 1) \(tongue == .zh ? option.name.zh : option.name.en)"
        }.joined(separator: tongue == .zh ? "　" : " · ")
        switch tongue {
        case .zh:
            return """
                \(parcel.buyerName)您好，您的订单 \(parcel.orderNumber) 的包裹（\(carrier) \(parcel.waybill.text)）比预计慢了：\(reason)。
                我们预计它在 \(day)前送达，给您添麻烦了，非常抱歉。
                您可以回复数字告诉我们怎么处理：\(choices)
                """
        case .en:
            return """
                Dear \(parcel.buyerName), the parcel of your order \(parcel.orderNumber) (\(carrier) \(parcel.waybill.text)) is late: \(reason).
                We now expect it by \(day). We are very sorry for the trouble.
                Tell us what you prefer by answering with a number: \(choices)
                """
        }
    }

    private static func day(_ at: Instant, in zone: String, _ tongue: Tongue) -> String {
        let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
        let parts = CalendarDay.calendar(of: zone).dateComponents([.month, .day], from: date)
        let (month, day) = (parts.month ?? 1, parts.day ?? 1)
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        return tongue == .zh ? " \(month) 月 \(day) 日" : "\(day) \(months[(month - 1) % 12])"
    }
}

/// Why a parcel's buyer is not told in a batch.
package enum DelaySkip: String, Hashable, Sendable, Codable, CaseIterable {
    case noBuyer, toldLately, arrived, overLimit

    package var name: Localized {
        switch self {
        case .noBuyer: Localized(zh: "订单没有对应的买家账号", en: "No buyer's account is known")
        case .toldLately: Localized(zh: "不久前已通知过", en: "Was told not long ago")
        case .arrived: Localized(zh: "已签收或已结束", en: "Arrived or ended already")
        case .overLimit: Localized(zh: "超过一批的上限", en: "Beyond the limit of a batch")
        }
    }
}

extension Parcel {
    /// Whether its buyer may be told of a delay now; nil = yes.
    package func delaySkip(
        lastTold: Instant?, at now: Instant, policy: PolicySet
    ) -> DelaySkip? {
        if status == .delivered || status == .cancelled { return .arrived }
        if buyer == nil { return .noBuyer }
        if let lastTold, now - lastTold < policy.span(.delayNoticeEvery) { return .toldLately }
        return nil
    }
}

/// Reads what a buyer answered to a delay notice.
package enum DelayReply {
    private static let words: [(DelayOption, [String])] = [
        // What ends the wait is asked for first: 不想等了，退款.
        (.refund, ["退款", "退钱", "不要了", "取消", "refund", "money back", "cancel"]),
        (.reship, ["补发", "重发", "重新发", "再发", "reship", "new parcel", "send again", "resend"]),
        (.wait, ["等", "没关系", "可以", "好的", "wait", "ok", "fine", "no problem"]),
    ]

    /// - Parameter options: as they were numbered in the notice.
    /// - Returns: nil when the answer names none of them; then a person reads it.
    package static func read(_ text: String, options: [DelayOption]) -> DelayOption? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let digits: [Character: Int] = [
            "1": 1, "2": 2, "3": 3, "１": 1, "２": 2, "３": 3, "①": 1, "②": 2, "③": 3,
        ]
        let bare = text.filter { !"选.。、,，!！ ".contains($0) }
        if bare.count == 1, let digit = bare.first.flatMap({ digits[$0] }) {
            return digit <= options.count ? options[digit - 1] : nil
        }
        guard text.count <= 100 else { return nil }
        for (option, said) in words
        where options.contains(option) && said.contains(where: text.contains) {
            if option == .wait,
                ["不等", "等不", "不想等", "can't wait", "cannot wait", "not wait"]
                    .contains(where: text.contains)
            {
                continue
            }
            return option
        }
        return nil
    }
}
