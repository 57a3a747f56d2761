/// A sentence in both languages of the product.
package struct Localized: Hashable, Sendable, Codable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// An expected "no": who is concerned is in `code` and `field`, why in `message`, what they may do in `instead`.
///
/// Refusals are values of the trade. They are shown to people as they are, so they never hold internals.
package struct Refusal: Error, Hashable, Sendable, Codable {
    /// Stable, for programs: `conversation.closed`.
    package let code: String
    package let message: Localized
    package let instead: Localized?
    /// Whether the same act may succeed later without change.
    package let retry: Bool
    /// The input that is at fault, by its name on the wire.
    package let field: String?
    package let kind: Kind

    /// What sort of no it is; each has its HTTP status.
    package enum Kind: String, Hashable, Sendable, Codable {
        case invalid, unauthenticated, forbidden, unknown, conflict, gone, tooLarge, unsupported,
            tooMany, busy, failed,
            full

        package var status: Int {
            switch self {
            case .invalid: 400
            case .unauthenticated: 401
            case .forbidden: 403
            case .unknown: 404
            case .conflict: 409
            case .gone: 410
            case .tooLarge: 413
            case .unsupported: 415
            case .tooMany: 429
            case .failed: 500
            case .busy: 503
            case .full: 507
            }
        }
    }

    package init(
        _ kind: Kind, _ code: String, zh: String, en: String, instead: Localized? = nil,
        retry: Bool = false, field: String? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = Localized(zh: zh, en: en)
        self.instead = instead
        self.retry = retry
        self.field = field
    }
}

extension Refusal {
    /// Things of other shops, and things one may not see, answer as if they did not exist.
    package static func unknown(_ what: String, zh: String, en: String) -> Refusal {
        Refusal(.unknown, "\(what).unknown", zh: "找不到这个\(zh)", en: "There is no such \(en)")
    }

    package static let busy = Refusal(
        .busy, "busy", zh: "系统正忙，请稍候，会自动重试", en: "The server is busy; it will be tried again",
        retry: true)
}
