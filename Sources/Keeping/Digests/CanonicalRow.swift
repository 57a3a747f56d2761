import Crypto
package import SQL

/// One row as bytes that are the same on every engine.
///
/// Each value is a mark of its kind and its content: integers and doubles as 8 bytes, the highest first, texts as UTF-8 and blobs with
/// their length before them. So no two different rows have the same bytes.
package enum CanonicalRow {
    package static func append(_ value: SQLValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(0)
        case .int(let number):
            bytes.append(1)
            append(UInt64(bitPattern: number), to: &bytes)
        case .double(let number):
            bytes.append(2)
            // 0 and −0 are equal to every engine.
            append(number == 0 ? 0 : number.bitPattern, to: &bytes)
        case .text(let text):
            bytes.append(3)
            append(UInt64(text.utf8.count), to: &bytes)
            bytes += text.utf8
        case .blob(let blob):
            bytes.append(4)
            append(UInt64(blob.count), to: &bytes)
            bytes += blob
        }
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.bigEndian) { bytes += $0 }
    }
}

/// The digest of a set of rows, in whatever order they come.
///
/// The first 128 bits of each row's SHA-256 are added, so that the order does not matter and a row that comes twice is not
/// the same as none. It proves against faults, not against somebody who invents rows for it.
package struct RowSum: Hashable, Sendable {
    package private(set) var rows = 0
    private var low: UInt64
    private var high: UInt64
    private var buffer: [UInt8] = []

    /// - Parameter heading: what the rows are of: the table's and its columns' names.
    package init(heading: [String]) {
        var bytes: [UInt8] = []
        for word in heading { CanonicalRow.append(.text(word), to: &bytes) }
        (low, high) = Self.words(bytes)
    }

    package mutating func add(_ values: [SQLValue]) {
        buffer.removeAll(keepingCapacity: true)
        for value in values { CanonicalRow.append(value, to: &buffer) }
        let (a, b) = Self.words(buffer)
        low &+= a
        high &+= b
        rows += 1
    }

    private static func words(_ bytes: [UInt8]) -> (UInt64, UInt64) {
        SHA256.hash(data: bytes).withUnsafeBytes { digest in
            (
                digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self).bigEndian,
                digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian
            )
        }
    }

    /// 32 hexadecimal digits.
    package var text: String {
        [low, high].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
