package import Desk

/// What went wrong with a backup, a move or an upgrade, and what to do, for the person at the terminal.
package struct KeepingFailure: Error, Hashable, Sendable {
    package let message: Localized

    package init(zh: String, en: String) { message = Localized(zh: zh, en: en) }
}
