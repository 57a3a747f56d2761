/// What a password must be.
///
/// Length over ceremony, as NIST SP 800-63B advises: no forced symbols, no forced renewal.
package struct PasswordRules: Hashable, Sendable {
    /// Least number of characters; from the policy.
    package let least: Int
    /// Longer ones are refused, so that hashing stays bounded.
    package static let most = 256

    package init(least: Int) { self.least = least }

    /// - Parameter person: log-in and names, which a password must not be.
    package func check(_ password: String, of person: [String]) throws(Refusal) {
        guard password.count >= least else {
            throw .password(
                "tooShort", zh: "密码至少 \(least) 个字符", en: "Use at least \(least) characters")
        }
        guard password.count <= Self.most else {
            throw .password(
                "tooLong", zh: "密码最多 \(Self.most) 个字符", en: "Use at most \(Self.most) characters")
        }
        let lower = password.lowercased()
        for part in person where part.count >= 3 {
            if lower.contains(part.lowercased()), password.count < part.count + 6 {
                throw .password(
                    "containsName", zh: "密码不要用登录名或姓名",
                    en: "Do not build it from your name or log-in")
            }
        }
        guard Set(lower).count >= 5, !isRun(lower), !isCommon(lower) else {
            throw .password(
                "tooSimple", zh: "这个密码太容易猜到", en: "This password is too easy to guess",
                instead: Localized(
                    zh: "试试几个不相关的词连在一起", en: "Try a few unrelated words in a row"))
        }
    }

    /// "abcdefgh", "98765432": each character follows the one before.
    private func isRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = Set(zip(values, values.dropFirst()).map { $1 - $0 })
        return steps == [1] || steps == [-1]
    }

    private func isCommon(_ text: String) -> Bool {
        let letters = text.filter { $0.isLetter }
        let digits = text.filter { $0.isNumber }
        return Self.commonWords.contains(letters)
            && (digits.isEmpty || Self.commonDigits.contains(digits))
    }

    private static let commonWords: Set<String> = [
        "", "password", "passwort", "passw", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm",
        "admin", "administrator", "welcome", "letmein", "iloveyou", "woaini", "taobao", "tmall",
        "qinke", "kefu", "qwer", "asdf", "abc", "abcd",
    ]

    private static let commonDigits: Set<String> = [
        "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789",
        "1234567890", "111", "111111", "000000", "520", "1314", "5201314", "666", "888", "666666",
        "888888", "2024", "2025", "2026",
    ]
}

extension Refusal {
    fileprivate static func password(
        _ code: String, zh: String, en: String, instead: Localized? = nil
    ) -> Refusal {
        Refusal(.invalid, "password.\(code)", zh: zh, en: en, instead: instead, field: "password")
    }
}

/// What a log-in name must be: 2 to 40 of letters (any script), digits, `.`, `_`, `-`, `@`; kept in lower case.
package enum LoginName {
    package static func check(_ text: String) throws(Refusal) -> String {
        let login = text.lowercased()
        let allowed = login.allSatisfy { $0.isLetter || $0.isNumber || "._-@".contains($0) }
        guard (2...40).contains(login.count), allowed else {
            throw Refusal(
                .invalid, "login.malformed",
                zh: "登录名用 2 到 40 个字母、数字或 . _ - @",
                en: "A log-in is 2 to 40 letters, digits or . _ - @",
                field: "login")
        }
        return login
    }
}
