/// Reads separated text piece by piece, in memory that does not grow with the file.
///
/// As shops' exports really are: quotes doubled or forgotten, line breaks inside quotes, `="123"` around numbers, any
/// line ending, rows of different length. It never fails; a row that cannot be told is given with its fault.
package struct CSVReader: Sendable {
    private enum State {
        /// At the beginning of a cell.
        case start
        /// After `=` at the beginning of a cell: a quote now opens it.
        case equals
        case plain
        case quoted
        /// After a quote inside quotes: the end, or half of a doubled one.
        case maybeEnd
        /// Nothing is kept until the line ends.
        case skipping
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let equals = UInt8(ascii: "=")

    private let separator: UInt8
    private let limits: TableLimits
    private var state = State.start
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var size = 0
    private var fault: TableRow.Fault?
    private var wasReturn = false
    /// The number of the row that is being read.
    private var number: Int

    package init(
        separator: UInt8 = UInt8(ascii: ","), limits: TableLimits = TableLimits(), from row: Int = 1
    ) {
        self.separator = separator
        self.limits = limits
        number = row
        cell.reserveCapacity(256)
    }

    /// Takes in UTF-8, and tells each row as it ends.
    package mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ tell: (TableRow) throws -> Void
    ) rethrows {
        for byte in bytes { try take(byte, tell) }
    }

    package mutating func read(
        _ bytes: [UInt8], _ tell: (TableRow) throws -> Void
    ) rethrows {
        for byte in bytes { try take(byte, tell) }
    }

    /// Tells the last row when the file does not end with a line end.
    package mutating func finish(_ tell: (TableRow) throws -> Void) rethrows {
        if state == .start && cells.isEmpty && fault == nil { return }
        try endRow(tell)
    }

    private mutating func take(_ byte: UInt8, _ tell: (TableRow) throws -> Void) rethrows {
        let afterReturn = wasReturn
        wasReturn = false
        switch state {
        case .quoted:
            if byte == Self.quote { state = .maybeEnd } else { keep(byte) }
        case .maybeEnd where byte == Self.quote:
            keep(byte)
            if state != .skipping { state = .quoted }
        case _ where byte == Self.lineFeed:
            // Of `\r\n` the first ended the row already.
            if !afterReturn { try endRow(tell) }
        case _ where byte == Self.carriageReturn:
            try endRow(tell)
            wasReturn = true
        case .skipping:
            break
        case _ where byte == separator:
            endCell()
        case .start where byte == Self.quote:
            state = .quoted
        case .start where byte == Self.equals:
            state = .equals
        case .equals where byte == Self.quote:
            state = .quoted
        case .equals:
            keep(Self.equals)
            keep(byte)
            if state != .skipping { state = .plain }
        case .start, .plain, .maybeEnd:
            keep(byte)
            if state != .skipping { state = .plain }
        }
    }

    private mutating func keep(_ byte: UInt8) {
        size += 1
        guard cell.count < limits.cell, size <= limits.row else { return skip(.tooLong) }
        cell.append(byte)
    }

    private mutating func skip(_ why: TableRow.Fault) {
        fault = why
        state = .skipping
        cell.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
    }

    private mutating func endCell() {
        if state == .equals { keep(Self.equals) }
        guard cells.count < limits.cells else { return skip(.tooManyCells) }
        cells.append(cell.isEmpty ? "" : String(decoding: cell, as: UTF8.self))
        cell.removeAll(keepingCapacity: true)
        state = .start
    }

    private mutating func endRow(_ tell: (TableRow) throws -> Void) rethrows {
        if state != .skipping { endCell() }
        let row = TableRow(number: number, cells: fault == nil ? cells : [], fault: fault)
        number += 1
        cells.removeAll(keepingCapacity: true)
        cell.removeAll(keepingCapacity: true)
        size = 0
        fault = nil
        state = .start
        try tell(row)
    }

    /// The sign that separates the cells of a text: what stands most often, outside of quotes, in its first lines.
    package static func separator(of head: some Sequence<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        var lines = 0
        for byte in head {
            if byte == quote {
                isQuoted.toggle()
            } else if !isQuoted {
                if byte == lineFeed {
                    lines += 1
                    if lines == 20 { break }
                }
                if [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].contains(byte) {
                    counts[byte, default: 0] += 1
                }
            }
        }
        // A tab may follow every number of a comma-separated file, so a comma wins a draw.
        let comma = counts[UInt8(ascii: ",")] ?? 0
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let best, best.value > comma else { return UInt8(ascii: ",") }
        return best.key
    }
}
