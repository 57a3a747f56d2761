import Foundation
import SQL

/// Makes the links of one thread, and does not try too often while the server is away.
final class Reconnecting {
    private let address: PostgresAddress
    private let limits: Link.Limits
    private let purpose: String
    private var link: Link?
    /// The last failure, and when trying again is allowed.
    private var refusal: (error: SQLError, until: ContinuousClock.Instant, pause: Duration)?

    private static let shortest: Duration = .milliseconds(50)
    private static let longest: Duration = .seconds(3)

    init(_ address: PostgresAddress, _ limits: Link.Limits, purpose: String) {
        self.address = address
        self.limits = limits
        self.purpose = purpose
    }

    /// A link that lives, made now when there is none.
    /// - Throws: ``SQLError/away(_:)``; without a new attempt when the last one failed just now.
    func get() throws -> Link {
        if let link {
            if !link.wasCut() { return link }
            drop()
        }
        if let refusal, ContinuousClock.now < refusal.until { throw refusal.error }
        do {
            let made = try Link(to: address, limits, purpose: purpose)
            link = made
            refusal = nil
            return made
        } catch let error as SQLError {
            let pause = min((refusal?.pause ?? Self.shortest / 2) * 2, Self.longest)
            // Not all nodes at the same moment.
            let jitter = Double.random(in: 0.75...1.25)
            refusal = (error, .now + pause * jitter, pause)
            throw error
        }
    }

    /// When ``get()`` tries again, at the latest.
    var pause: Duration {
        guard let refusal else { return .zero }
        return max(.zero, refusal.until - .now)
    }

    func drop() {
        link?.close()
        link = nil
    }
}
