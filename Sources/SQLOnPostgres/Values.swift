import CPQ
import SQL

/// The values of one statement as libpq takes them, in memory that is used again for the next.
///
/// No type is declared: the server finds a parameter's type from its place, so a text, a number or null can be bound
/// to the same statement. Numbers and text travel as text, bytes as they are.
struct Bound {
    private var bytes: [CChar] = []
    /// Where each value starts in `bytes`; nil is null.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// - Throws: ``SQLError/check(rule:)`` for text with a zero character, which PostgreSQL cannot keep.
    mutating func fill(_ values: [SQLValue]) throws {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values { try add(value) }
    }

    private mutating func add(_ value: SQLValue) throws {
        let start = bytes.count
        var format: Int32 = 0
        switch value {
        case .null:
            starts.append(nil)
            lengths.append(0)
            formats.append(0)
            return
        case .int(let number): append(String(number))
        case .double(let number): append("\(number)")
        case .text(let text):
            append(text)
            if bytes[start...].contains(0) { throw SQLError.check(rule: "text without U+0000") }
        case .blob(let blob):
            format = 1
            blob.withUnsafeBytes { bytes.append(contentsOf: $0.bindMemory(to: CChar.self)) }
        }
        starts.append(start)
        lengths.append(Int32(clamping: bytes.count - start))
        formats.append(format)
        bytes.append(0)
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 {
            bytes.append(contentsOf: UnsafeRawBufferPointer($0).bindMemory(to: CChar.self))
        }
    }

    /// Lends the values in libpq's form.
    func lend<T>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) -> T
    ) -> T {
        bytes.withUnsafeBufferPointer { bytes in
            let pointers = starts.map { start in
                start.flatMap { bytes.baseAddress?.advanced(by: $0) }
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(
                            Int32(clamping: pointers.count), pointers.baseAddress,
                            lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}

/// Reads what the server answers in its binary form.
enum Answers {
    static func rows(_ result: OpaquePointer) throws -> [Row] {
        let columns = PQnfields(result)
        let types = (0..<columns).map { PQftype(result, $0) }
        var rows: [Row] = []
        let count = PQntuples(result)
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns {
                guard PQgetisnull(result, row, column) == 0,
                    let start = PQgetvalue(result, row, column)
                else {
                    values.append(.null)
                    continue
                }
                let bytes = UnsafeRawBufferPointer(
                    start: start, count: Int(PQgetlength(result, row, column)))
                values.append(try value(types[Int(column)], bytes, Int(column)))
            }
            rows.append(Row(values: values))
        }
        return rows
    }

    /// Types by their numbers in the server's catalogue, which never change.
    private static func value(
        _ type: Oid, _ bytes: UnsafeRawBufferPointer, _ column: Int
    ) throws -> SQLValue {
        switch type {
        case 20: return .int(Int64(bitPattern: whole(bytes)))
        case 23: return .int(Int64(Int32(truncatingIfNeeded: Int64(bitPattern: whole(bytes)))))
        case 21: return .int(Int64(Int16(truncatingIfNeeded: Int64(bitPattern: whole(bytes)))))
        case 26: return .int(Int64(whole(bytes)))
        case 16: return .int(bytes.first == 1 ? 1 : 0)
        case 25, 1043, 1042, 19, 705, 114, 18: return .text(String(decoding: bytes, as: UTF8.self))
        case 3802: return .text(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case 17: return .blob(Array(bytes))
        case 701: return .double(Double(bitPattern: whole(bytes)))
        case 700:
            return .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: whole(bytes)))))
        case 1700: return try numeric(bytes, column)
        case 2278: return .null
        default: throw SQLError.unexpected(column: column, value: "type \(type) of PostgreSQL")
        }
    }

    private static func whole(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What sums and averages of whole numbers are: digits to the base of 10,000.
    private static func numeric(_ bytes: UnsafeRawBufferPointer, _ column: Int) throws -> SQLValue {
        func word(_ index: Int) -> Int16 {
            Int16(bitPattern: UInt16(bytes[index * 2]) << 8 | UInt16(bytes[index * 2 + 1]))
        }
        guard bytes.count >= 8, bytes.count >= 8 + Int(word(0)) * 2 else {
            throw SQLError.unexpected(column: column, value: "a cut numeric")
        }
        let (digits, weight, sign) = (Int(word(0)), Int(word(1)), UInt16(bitPattern: word(2)))
        guard sign == 0 || sign == 0x4000 else {
            throw SQLError.unexpected(column: column, value: "a numeric that is no number")
        }
        if digits <= weight + 1, weight < 4 {
            var value: Int64 = 0
            var fits = true
            for place in 0...max(0, weight) {
                let digit = place < digits ? Int64(word(4 + place)) : 0
                let (product, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
                let (sum, over) = product.addingReportingOverflow(digit)
                fits = fits && !tooLarge && !over
                value = sum
            }
            if fits { return .int(sign == 0 ? value : -value) }
        }
        var value = 0.0
        for place in 0..<digits { value = value * 10_000 + Double(word(4 + place)) }
        for _ in 0..<max(0, weight + 1 - digits) { value *= 10_000 }
        for _ in 0..<max(0, digits - weight - 1) { value /= 10_000 }
        return .double(sign == 0 ? value : -value)
    }
}
