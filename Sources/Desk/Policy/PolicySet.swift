/// A shop's rules as they are in force from one instant on.
///
/// Whatever the shop did not set has the standard value.
package struct PolicySet: Hashable, Sendable {
    /// 0 = the standard, never edited.
    package let version: Int
    package let effective: Instant
    /// What the shop set, by key, in the key's unit.
    package let values: [PolicyKey: Int]
    /// The part that conversations obey; made once, since every message needs it.
    package private(set) var conversationRules = ConversationRules()

    package init(version: Int, effective: Instant, values: [PolicyKey: Int]) {
        self.version = version
        self.effective = effective
        self.values = values
        conversationRules.replyWithin = replyWithin
        conversationRules.withdrawWithin = withdrawWithin
        conversationRules.editWithin = editWithin
        conversationRules.reopenWithin = reopenWithin
        conversationRules.messageLength = messageLength
        conversationRules.snoozeAtMost = snoozeMax
    }

    package static let `default` = PolicySet(
        version: 0, effective: Instant(milliseconds: 0), values: [:])

    /// The value in the key's own unit.
    package subscript(key: PolicyKey) -> Int { values[key] ?? PolicyField.of(key).standard }

    /// The value of a key whose unit is a time.
    package func span(_ key: PolicyKey) -> Span {
        switch PolicyField.of(key).unit {
        case .seconds: .seconds(self[key])
        case .minutes: .minutes(self[key])
        case .hours: .hours(self[key])
        case .days: .days(self[key])
        case .count, .bytes: Span(milliseconds: 0)
        }
    }

    // MARK: - Conversations

    package var replyWithin: Span { span(.replyWithin) }
    package var replyWarning: Span { span(.replyWarning) }
    package var withdrawWithin: Span { span(.withdrawWithin) }
    package var editWithin: Span { span(.editWithin) }
    package var reopenWithin: Span { span(.reopenWithin) }
    package var snoozeMax: Span { span(.snoozeMax) }
    /// In characters.
    package var messageLength: Int { self[.messageLength] }

    // MARK: - Routing

    package var graceAfterDisconnect: Span { span(.graceAfterDisconnect) }
    package var giveBackUnanswered: Span { span(.giveBackUnanswered) }
    package var queueLimit: Int { self[.queueLimit] }

    /// How many conversations somebody of this level has at once.
    package func cap(of level: StaffLevel) -> Int { self[Self.capKey(level)] }

    package static func capKey(_ level: StaffLevel) -> PolicyKey {
        switch level {
        case .trainee: .capTrainee
        case .junior: .capJunior
        case .mid: .capMid
        case .senior: .capSenior
        case .supervisor: .capSupervisor
        case .manager: .capManager
        case .director: .capDirector
        }
    }

    // MARK: - Uploads

    /// In bytes.
    package var uploadSize: Int { self[.uploadSize] }
    package var importSize: Int { self[.importSize] }
    package var exportRows: Int { self[.exportRows] }
    package var uploadPixels: Int { self[.uploadPixels] }
    package var uploadsPerHour: Int { self[.uploadsPerHour] }

    // MARK: - Log-ins

    package var sessionIdle: Span { span(.sessionIdle) }
    package var sessionLongest: Span { span(.sessionLongest) }
    package var buyerTokenIdle: Span { span(.buyerTokenIdle) }
    package var identityTokenLife: Span { span(.identityTokenLife) }
    package var passwordRules: PasswordRules { PasswordRules(least: self[.passwordLength]) }

    // MARK: - Change

    /// The next version with some values changed.
    /// - Parameter read: the version that the editor saw.
    /// - Throws: for an unknown key, a value out of bounds, a contradiction, nothing new, or when somebody was faster.
    package func changed(
        _ changes: [String: Int], readAs read: Int, effective: Instant
    ) throws(Refusal) -> PolicySet {
        guard read == version else {
            throw Refusal(
                .conflict, "policy.changed", zh: "规则刚被别人改过，请先看新的版本",
                en: "Somebody changed the rules meanwhile; look at the new version first")
        }
        var next = values
        for (name, value) in changes {
            guard let key = PolicyKey(rawValue: name) else {
                throw Refusal(
                    .invalid, "policy.unknownKey", zh: "没有这项规则：\(name.prefix(40))",
                    en: "There is no such rule: \(name.prefix(40))", field: String(name.prefix(40)))
            }
            let field = PolicyField.of(key)
            guard field.bounds.contains(value) else {
                let (least, most) = (field.bounds.lowerBound, field.bounds.upperBound)
                throw Refusal(
                    .invalid, "policy.outOfBounds", zh: "\(field.name.zh)要在 \(least) 到 \(most) 之间",
                    en: "\(field.name.en) is between \(least) and \(most)", field: name)
            }
            next[key] = value
        }
        let new = PolicySet(version: version + 1, effective: effective, values: next)
        guard new.replyWarning < new.replyWithin else {
            throw Refusal(
                .invalid, "policy.warningAfterDeadline", zh: "超时预警必须短于回复时限",
                en: "The warning must be shorter than the reply time", field: "replyWarning")
        }
        guard PolicyKey.allCases.contains(where: { new[$0] != self[$0] }) else {
            throw Refusal(
                .invalid, "policy.nothingNew", zh: "没有改动", en: "Nothing would change")
        }
        return new
    }
}
