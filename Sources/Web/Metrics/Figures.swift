package import Metrics
import Synchronization

/// Keeps what the program counts, and tells it in Prometheus' text format.
///
/// The number of series is bounded: past the bound new label sets are counted only in
/// `qinke_metrics_dropped_series`, so that no caller can fill the memory with labels.
package final class Figures: MetricsFactory {
    package static let shared = Figures()

    /// Series that are kept.
    private static let limit = 4_000

    struct Key: Hashable {
        let name: String
        let labels: String
    }

    private struct State {
        var numbers: [Key: Number] = [:]
        var spreads: [Key: Spread] = [:]
        var kinds: [String: String] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler { number(Self.ending(label, "_total"), "counter", dimensions) }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        number(Self.ending(label, "_total"), "counter", dimensions)
    }

    package func makeMeter(
        label: String, dimensions: [(String, String)]
    ) -> any MeterHandler { number(label, "gauge", dimensions) }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return spread(label, Spread.sizes, dimensions) }
        return number(label, "gauge", dimensions)
    }

    package func makeTimer(
        label: String, dimensions: [(String, String)]
    ) -> any TimerHandler { spread(Self.ending(label, "_seconds"), Spread.seconds, dimensions) }

    // Series live as long as the program; their number is bounded.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func number(
        _ label: String, _ kind: String, _ dimensions: [(String, String)]
    ) -> Number {
        let key = Self.key(label, dimensions)
        return state.withLock { state in
            if let known = state.numbers[key] { return known }
            let made = Number()
            guard state.numbers.count + state.spreads.count < Self.limit else {
                state.dropped += 1
                return made
            }
            state.numbers[key] = made
            state.kinds[key.name] = kind
            return made
        }
    }

    private func spread(
        _ label: String, _ bounds: [Double], _ dimensions: [(String, String)]
    ) -> Spread {
        let key = Self.key(label, dimensions)
        return state.withLock { state in
            if let known = state.spreads[key] { return known }
            let made = Spread(bounds: bounds)
            guard state.numbers.count + state.spreads.count < Self.limit else {
                state.dropped += 1
                return made
            }
            state.spreads[key] = made
            state.kinds[key.name] = "histogram"
            return made
        }
    }

    /// Prometheus' names end with their unit, whether the one who counts wrote it or not.
    private static func ending(_ label: String, _ unit: String) -> String {
        label.hasSuffix(unit) ? label : label + unit
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        let labels = dimensions.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(word(name))=\"\(escaped)\""
        }
        return Key(name: word(label), labels: labels.joined(separator: ","))
    }

    private static func word(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    /// Everything, in Prometheus' text format 0.0.4.
    package func text() -> String {
        let (numbers, spreads, kinds, dropped) = state.withLock {
            ($0.numbers, $0.spreads, $0.kinds, $0.dropped)
        }
        var lines = [
            "# HELP qinke_metrics_dropped_series \(FigureHelp.text(of: "qinke_metrics_dropped_series"))",
            "# TYPE qinke_metrics_dropped_series gauge", "qinke_metrics_dropped_series \(dropped)",
        ]
        for name in kinds.keys.sorted() {
            lines.append("# HELP \(name) \(FigureHelp.text(of: name))")
            lines.append("# TYPE \(name) \(kinds[name] ?? "untyped")")
            let own = numbers.filter { $0.key.name == name }.sorted {
                $0.key.labels < $1.key.labels
            }
            for (key, number) in own {
                lines.append(key.labels.isEmpty ? name : "\(name){\(key.labels)}")
                lines[lines.count - 1] += " \(Self.plain(number.value))"
            }
            for (key, spread) in spreads.filter({ $0.key.name == name })
                .sorted(by: { $0.key.labels < $1.key.labels })
            {
                lines += spread.lines(name, key.labels)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}

/// A counter or a gauge.
final class Number: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let sum = Mutex(0.0)

    var value: Double { sum.withLock { $0 } }

    func increment(by amount: Int64) { sum.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { sum.withLock { $0 += amount } }
    func decrement(by amount: Double) { sum.withLock { $0 -= amount } }
    func set(_ value: Int64) { sum.withLock { $0 = Double(value) } }
    func set(_ value: Double) { sum.withLock { $0 = value } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func reset() { sum.withLock { $0 = 0 } }
}

/// A histogram with fixed bounds.
final class Spread: RecorderHandler, TimerHandler {
    static let seconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30,
    ]
    static let sizes: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000, 10_000_000,
    ]

    private struct State {
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(_ name: String, _ labels: String) -> [String] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        let lead = labels.isEmpty ? "" : labels + ","
        let tail = labels.isEmpty ? "" : "{\(labels)}"
        var running: Int64 = 0
        var lines: [String] = []
        for (bound, count) in zip(bounds, counts) {
            running += count
            lines.append("\(name)_bucket{\(lead)le=\"\(Figures.plain(bound))\"} \(running)")
        }
        let total = counts.reduce(0, +)
        lines.append("\(name)_bucket{\(lead)le=\"+Inf\"} \(total)")
        lines.append("\(name)_sum\(tail) \(sum)")
        lines.append("\(name)_count\(tail) \(total)")
        return lines
    }
}
