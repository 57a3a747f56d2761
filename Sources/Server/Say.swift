import Desk
import Foundation

/// What the command tells the person at the terminal, in their language.
enum Say {
    /// Chinese unless the terminal says English.
    static let english: Bool = {
        let environment = ProcessInfo.processInfo.environment
        let language =
            environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
        return language.hasPrefix("en")
    }()

    static func text(_ words: Localized) -> String { english ? words.en : words.zh }

    static func text(zh: String, en: String) -> String { english ? en : zh }

    /// To standard output, at once even into a pipe.
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func line(zh: String, en: String) { line(english ? en : zh) }

    /// To standard error: progress and complaints.
    static func aside(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func aside(zh: String, en: String) { aside(english ? en : zh) }
}
