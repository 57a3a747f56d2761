package import Desk
package import ServiceLifecycle
import Synchronization

/// The heartbeat of one worker in the background.
///
/// A worker that waits for work rests; one that works beats at every step. One that neither rests nor beats for longer
/// than its limit has stalled.
package final class Pulse: Sendable {
    /// Stable, a word.
    package let code: String
    package let name: Localized
    /// The longest time between two beats.
    package let limit: Duration
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    package init(_ code: String, _ name: Localized, limit: Duration = .seconds(60)) {
        self.code = code
        self.name = name
        self.limit = limit
    }

    /// Something was done, and more is to do.
    package func beat(at now: ContinuousClock.Instant = .now) { last.withLock { $0 = now } }

    /// Nothing is to do.
    package func rest() { last.withLock { $0 = nil } }

    /// How long the worker has been still while it should work; nil when all is well.
    package func stalled(at now: ContinuousClock.Instant = .now) -> Duration? {
        last.withLock { last in
            guard let last, now - last > limit else { return nil }
            return now - last
        }
    }
}

/// What is wrong now, told once to every screen that it concerns, and so is its end.
///
/// A screen shows one trouble: the first that was told. Buyers hear only of what keeps their messages from being kept.
package final class Troubles: Sendable {
    private struct Trouble: Hashable {
        let code: String
        let message: Localized
        let forStaffOnly: Bool
    }

    private let hub: Hub
    private let troubles = Mutex<[Trouble]>([])

    package init(_ hub: Hub) { self.hub = hub }

    /// A trouble is there, or over when `message` is nil.
    package func set(_ code: String, _ message: Localized?, forStaffOnly: Bool = true) {
        let (before, after) = troubles.withLock { troubles in
            let before = troubles
            if let message {
                let trouble = Trouble(code: code, message: message, forStaffOnly: forStaffOnly)
                if let place = troubles.firstIndex(where: { $0.code == code }) {
                    troubles[place] = trouble
                } else {
                    troubles.append(trouble)
                }
            } else {
                troubles.removeAll { $0.code == code }
            }
            return (before, troubles)
        }
        guard before != after else { return }
        let open = after.first { !$0.forStaffOnly }
        if open != before.first(where: { !$0.forStaffOnly }) { hub.tellEverybody(Self.frame(open)) }
        hub.tellStaff(of: nil, Self.frame(after.first))
    }

    /// Tells the staff again, so that a window that was opened meanwhile knows it too.
    package func repeatToStaff() {
        guard let first = troubles.withLock({ $0.first }) else { return }
        hub.tellStaff(of: nil, Self.frame(first))
    }

    package var codes: [String] { troubles.withLock { $0.map(\.code) } }

    private static func frame(_ trouble: Trouble?) -> String {
        guard let trouble else {
            return Frames.health(
                ok: true, code: "store.well",
                Localized(zh: "系统已恢复", en: "The server works again"))
        }
        return Frames.health(ok: false, code: trouble.code, trouble.message)
    }
}

/// Looks at every worker's pulse and says on the staff's screens when one has stalled.
package final class StallWatch: Service, Sendable {
    private let pulses: [Pulse]
    private let troubles: Troubles
    private let every: Duration

    package init(_ pulses: [Pulse], _ troubles: Troubles, every: Duration = .seconds(2)) {
        self.pulses = pulses
        self.troubles = troubles
        self.every = every
    }

    package func run() async throws {
        var rounds = 0
        for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
            look()
            rounds += 1
            if rounds % 5 == 0 { troubles.repeatToStaff() }
        }
    }

    /// One look.
    package func look(at now: ContinuousClock.Instant = .now) {
        for pulse in pulses {
            let code = "worker.\(pulse.code)"
            guard pulse.stalled(at: now) != nil else {
                troubles.set(code, nil)
                continue
            }
            troubles.set(
                code,
                Localized(
                    zh: "后台的\(pulse.name.zh)停住了，相关的信息可能不是最新的：请通知管理员",
                    en:
                        "\(pulse.name.en) in the background stands still, so what depends on it may be old: tell whoever runs the server"
                ))
        }
    }

    /// The workers that stand still, with the seconds since their last step.
    package func stalled(at now: ContinuousClock.Instant = .now) -> [(pulse: Pulse, seconds: Int64)]
    {
        pulses.compactMap { pulse in
            pulse.stalled(at: now).map { (pulse, $0.components.seconds) }
        }
    }
}
