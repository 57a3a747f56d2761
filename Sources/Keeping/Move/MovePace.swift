/// How far a move is, how fast it goes, and how long it will still take.
package struct MovePace: Sendable, Hashable {
    /// Rows of the whole store.
    package let total: Int
    /// Rows that are in the target.
    package private(set) var rows: Int
    /// Marks of the last ten seconds: when, and how many rows were there.
    private var marks: [(milliseconds: Int, rows: Int)] = []

    /// - Parameter rows: that were in the target already when this run began.
    package init(total: Int, rows: Int = 0) {
        self.total = total
        self.rows = rows
    }

    /// Rows arrived.
    ///
    /// - Parameter milliseconds: since any fixed moment.
    package mutating func add(_ count: Int, at milliseconds: Int) {
        rows += count
        marks.append((milliseconds, rows))
        while marks.count > 2, milliseconds - marks[0].milliseconds > 10_000 {
            marks.removeFirst()
        }
    }

    /// Rows per second lately; nil until there is something to measure.
    package var rate: Int? {
        guard let first = marks.first, let last = marks.last,
            last.milliseconds > first.milliseconds
        else { return nil }
        return (last.rows - first.rows) * 1000 / (last.milliseconds - first.milliseconds)
    }

    /// Seconds that the rest takes at this rate, rounded up; nil when nobody can tell.
    package var secondsLeft: Int? {
        guard rows < total else { return 0 }
        guard let rate, rate > 0 else { return nil }
        return (total - rows + rate - 1) / rate
    }

    package var percent: Int { total == 0 ? 100 : min(100, rows * 100 / total) }

    package static func == (a: MovePace, b: MovePace) -> Bool {
        a.total == b.total && a.rows == b.rows && a.marks.map(\.rows) == b.marks.map(\.rows)
            && a.marks.map(\.milliseconds) == b.marks.map(\.milliseconds)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(total)
        hasher.combine(rows)
    }
}
