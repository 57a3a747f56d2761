package import Foundation

/// A folder of files to which whole transactions of the write-ahead log are appended, each with the moment at which it was
/// seen.
///
/// A record is a header of 72 bytes and frames; its checksums go on from the record before it. Of a record that was cut off, nothing is
/// used.
package struct FrameLog: Sendable {
    package let folder: URL
    package init(_ folder: URL) { self.folder = folder }

    /// One append: the frames of one or more whole transactions.
    package struct Record: Hashable, Sendable {
        /// Records without a break between them share it: the moment at which the keeper began.
        package let chain: Int64
        /// Rises by one within a chain, from 1 on.
        package let sequence: Int64
        /// Milliseconds since 1970, after everything in the record was committed.
        package let mark: Int64
        package let pageSize: Int
        package let bigEndian: Bool
        package let salt: UInt64
        package let before: WALFormat.Checksum
        package let after: WALFormat.Checksum
        /// Whole frames as they stand in the log.
        package let frames: [UInt8]
    }

    private static let headerSize = 72
    private static let magic: UInt32 = 0x716b_6631  // "qkf1"

    /// Appends a record and brings it to the disk.
    package func append(_ record: Record) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A file for each thousand records, so that old ones can go.
        let name = Self.name(chain: record.chain, part: record.sequence / 1_000)
        let path = folder.appending(path: name).path(percentEncoded: false)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(descriptor) }
        let start = lseek(descriptor, 0, SEEK_END)
        let bytes = Self.header(of: record) + record.frames
        var place = 0
        while place < bytes.count {
            let count = bytes[place...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else {
                let full = errno == ENOSPC
                // Half of a record would hide the next ones.
                ftruncate(descriptor, start)
                throw full ? CocoaError(.fileWriteOutOfSpace) : CocoaError(.fileWriteUnknown)
            }
            place += count
        }
        guard fdatasync(descriptor) == 0 else {
            ftruncate(descriptor, start)
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// The chains that are there, the oldest first.
    package func chains() -> [Int64] {
        Set(files().map(\.chain)).sorted()
    }

    /// Hands out the whole records of a chain from a sequence on, in order, until `body` answers false or one is missing.
    package func read(
        chain: Int64, from sequence: Int64, _ body: (Record) throws -> Bool
    ) throws {
        var next = sequence
        for file in files() where file.chain == chain && file.part >= sequence / 1_000 {
            let handle = try FileHandle(forReadingFrom: folder.appending(path: file.name))
            defer { try? handle.close() }
            while let record = try Self.record(from: handle) {
                if record.sequence < next { continue }
                guard record.chain == chain, record.sequence == next else { return }
                guard try body(record) else { return }
                next += 1
            }
        }
    }

    /// Removes the files of a chain that hold only records before a sequence; all of them when it is nil.
    package func remove(chain: Int64, before sequence: Int64?) throws {
        for file in files() where file.chain == chain {
            if let sequence, file.part >= sequence / 1_000 { continue }
            try FileManager.default.removeItem(at: folder.appending(path: file.name))
        }
    }

    // MARK: Files

    private static func name(chain: Int64, part: Int64) -> String {
        let digits = String(part)
        return "\(chain)-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            + ".frames"
    }

    private func files() -> [(chain: Int64, part: Int64, name: String)] {
        let names =
            (try? FileManager.default.contentsOfDirectory(
                atPath: folder.path(percentEncoded: false))) ?? []
        return names.compactMap { name in
            guard name.hasSuffix(".frames") else { return nil }
            let parts = name.dropLast(7).split(separator: "-")
            guard parts.count == 2, let chain = Int64(parts[0]), let part = Int64(parts[1]) else {
                return nil
            }
            return (chain, part, name)
        }.sorted { ($0.chain, $0.part) < ($1.chain, $1.part) }
    }

    // MARK: Bytes

    private static func header(of record: Record) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
        }
        add(magic)
        add(UInt32(record.bigEndian ? 1 : 0))
        add(record.chain)
        add(record.sequence)
        add(record.mark)
        add(UInt32(record.pageSize))
        add(UInt32(record.frames.count))
        add(record.salt)
        for sum in [record.before, record.after] {
            add(sum.first)
            add(sum.second)
        }
        var sum = WALFormat.Checksum()
        bytes.withUnsafeBytes { sum.add($0, bigEndian: true) }
        add(sum.first)
        add(sum.second)
        return bytes
    }

    /// The next record; nil at the end and before a record that is not whole.
    private static func record(from handle: FileHandle) throws -> Record? {
        guard let data = try handle.read(upToCount: headerSize), data.count == headerSize else {
            return nil
        }
        let bytes = [UInt8](data)
        func value<T: FixedWidthInteger>(_ place: Int, _ type: T.Type) -> T {
            bytes.withUnsafeBytes {
                T(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: type))
            }
        }
        var sum = WALFormat.Checksum()
        bytes.withUnsafeBytes { sum.add(.init(rebasing: $0[0..<64]), bigEndian: true) }
        guard value(0, UInt32.self) == magic,
            sum == .init(value(64, UInt32.self), value(68, UInt32.self))
        else { return nil }
        let count = Int(value(36, UInt32.self))
        let frames = count == 0 ? Data() : try handle.read(upToCount: count) ?? Data()
        guard frames.count == count else { return nil }
        let record = Record(
            chain: value(8, Int64.self), sequence: value(16, Int64.self),
            mark: value(24, Int64.self), pageSize: Int(value(32, UInt32.self)),
            bigEndian: value(4, UInt32.self) == 1, salt: value(40, UInt64.self),
            before: .init(value(48, UInt32.self), value(52, UInt32.self)),
            after: .init(value(56, UInt32.self), value(60, UInt32.self)), frames: [UInt8](frames))
        let chain = WALFormat.follow(
            record.frames[...], pageSize: record.pageSize, salt: record.salt,
            bigEndian: record.bigEndian, from: record.before)
        return chain?.checksum == record.after ? record : nil
    }
}
