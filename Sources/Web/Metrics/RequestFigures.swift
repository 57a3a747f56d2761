import HTTPTypes
import Metrics
import Synchronization

/// How many requests each route answered, how, and how long it took.
///
/// Routes are patterns, so their number is that of the program's routes; methods outside HTTP's own share one name.
final class RequestFigures: Sendable {
    static let shared = RequestFigures()

    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private let timers = Mutex<[Key: Timer]>([:])

    func record(route: String, method: HTTPRequest.Method, status: Int, _ nanoseconds: UInt64) {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let key = Key(
            route: route, method: known.contains(method) ? method.rawValue : "other", status: status
        )
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let made = Timer(
                label: "qinke_http_request",
                dimensions: [
                    ("route", key.route), ("method", key.method), ("status", String(key.status)),
                ])
            timers[key] = made
            return made
        }
        timer.recordNanoseconds(Int64(clamping: nanoseconds))
    }
}
