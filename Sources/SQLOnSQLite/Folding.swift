import Foundation
import GRDB

/// Folds the write-ahead log into the file while others write, on a thread and a connection of its own.
///
/// When the writer did it alone, every commit behind it waited: by measure 300 ms for a log of 64 MB, which no reply time
/// survives. What this leaves is little, and the writer folds that in and begins the log anew.
final class Folding: Sendable {
    private let ended = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    /// How often it looks.
    private static let every = DispatchTimeInterval.milliseconds(100)
    /// Acts since the last time that are worth the work.
    private static let worth = 200

    /// - Parameter committed: how many acts were committed so far.
    init(path: String, committed: @escaping @Sendable () -> Int) {
        let (ended, stopped) = (ended, stopped)
        let thread = Thread {
            Self.fold(path, committed, until: ended)
            stopped.signal()
        }
        thread.name = "qinke.folding"
        thread.start()
    }

    /// Waits until the work at hand is done.
    func stop() {
        ended.signal()
        stopped.wait()
        // A store may be closed twice: by whoever found it broken, and by its owner.
        stopped.signal()
    }

    private static func fold(
        _ path: String, _ committed: () -> Int, until ended: DispatchSemaphore
    ) {
        var configuration = Configuration()
        configuration.label = "qinke.folding"
        var queue: DatabaseQueue?
        var folded = 0
        while ended.wait(timeout: .now() + every) == .timedOut {
            let now = committed()
            guard now - folded >= worth else { continue }
            folded = now
            // What cannot be folded now is folded next time, or by the writer.
            if queue == nil { queue = try? DatabaseQueue(path: path, configuration: configuration) }
            _ = try? queue?.writeWithoutTransaction { try $0.checkpoint(.passive) }
        }
        try? queue?.close()
    }
}
