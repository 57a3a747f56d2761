package import Foundation
import SQL

/// Copies every committed transaction of a store out of its write-ahead log, while the store is written.
///
/// The log may be begun anew only when nobody reads it; so the keeper always holds a read of its own, and lets go of it only at a turn:
/// with writers held back for a moment, everything copied, and the next read begun before they go on. Between two turns the log
/// can be begun anew at most once, with everything before that copied: beginning it anew wants all frames in the file, and the
/// keeper's read keeps later frames out of it. Whatever contradicts this is a break: ``SQLError/corrupt(_:)``.
///
/// All calls block and come from one thread at a time.
package final class WALKeeper {
    /// Bounds of the log.
    package struct Limits: Sendable {
        /// Frames in the log after which a turn is made.
        package var turn = 4_000
        /// Bytes of one record, about.
        package var record = 4 << 20
        /// How long a turn waits for the writer, in milliseconds.
        package var patience: Int32 = 5_000

        package init() {}
    }

    /// Where the copying stands.
    private struct Place {
        /// Nil before the log's first header was seen.
        var header: WALFormat.Header?
        var frames = 0
        var checksum = WALFormat.Checksum()
        /// Whether everything in the log is copied, so that it may be begun anew once.
        var mayRestart = true
    }

    package let chain: Int64
    package private(set) var sequence: Int64 = 0
    private let log: FrameLog
    private let limits: Limits
    private let wal: FileHandle
    private var reader: RawConnection
    private var other: RawConnection
    private let locker: RawConnection
    private let checkpointer: RawConnection
    private var place = Place()

    /// Begins a chain at the present end of the log: what is committed from here on is copied.
    ///
    /// - Parameters:
    ///   - path: the file of data, which this process has open.
    ///   - chain: rises from one keeper to the next; milliseconds since 1970.
    package init(
        of path: String, to log: FrameLog, chain: Int64, limits: Limits = Limits()
    ) throws {
        self.log = log
        self.chain = chain
        self.limits = limits
        reader = try RawConnection(path, patience: limits.patience)
        other = try RawConnection(path, patience: limits.patience)
        locker = try RawConnection(path, patience: limits.patience)
        checkpointer = try RawConnection(path, patience: limits.patience)
        try reader.beginReading()
        // A connection that never read does not know the log yet.
        try checkpointer.run("SELECT count(*) FROM sqlite_schema")
        // SQLite puts no locks on this file, so closing it frees none.
        wal = try FileHandle(forReadingFrom: URL(filePath: path + "-wal"))
        let (header, frames) = try end()
        place.header = header
        place.frames = frames
        if let header {
            place.checksum = header.checksum
            if frames > 0 {
                let size = WALFormat.frameHeaderSize + header.pageSize
                let last = try bytes(
                    at: WALFormat.headerSize + (frames - 1) * size, count: WALFormat.frameHeaderSize
                )
                place.checksum = WALFormat.frame(last[...]).checksum
            }
        }
    }

    deinit { try? wal.close() }

    /// Committed frames of the log at the last look, copied or not.
    package private(set) var frames = 0

    /// Copies what was committed since the last call.
    ///
    /// - Parameter clock: asked after the end of the log was read: what is copied was committed by then.
    /// - Returns: frames copied.
    @discardableResult
    package func copy(clock: () -> Int64) throws -> Int {
        let (header, frames) = try end()
        self.frames = frames
        let mark = clock()
        guard let header, frames > 0 else { return 0 }
        if header.salt != place.header?.salt {
            try begin(header)
        }
        // The log was begun anew and nothing is in it yet.
        guard frames >= place.frames else {
            guard place.mayRestart else { throw SQLError.corrupt("the log became shorter") }
            return 0
        }
        let first = place.frames
        while place.frames < frames { try copyRecord(until: frames, header, mark) }
        return frames - first
    }

    /// Copies, and at a turn lets the log be begun anew.
    package func copyAndTurn(clock: () -> Int64) throws -> Int {
        let copied = try copy(clock: clock)
        guard place.frames >= limits.turn else { return copied }
        return copied + (try turn(clock: clock))
    }

    // MARK: Turning

    private func turn(clock: () -> Int64) throws -> Int {
        // First what can be brought into the file while writers go on: a newer read takes over, so nothing is lost meanwhile.
        try other.beginReading()
        try reader.run("COMMIT")
        swap(&reader, &other)
        _ = try checkpointer.checkpoint()
        // Then the few frames since, with writers held back.
        try locker.run("BEGIN IMMEDIATE")
        defer { try? locker.run("ROLLBACK") }
        let copied = try copy(clock: clock)
        // Until the next read has begun, a log that is begun anew is a break.
        place.mayRestart = false
        try reader.run("COMMIT")
        // Another connection may be folding just now; what it leaves is folded later.
        _ = try? checkpointer.checkpoint()
        try reader.beginReading()
        // Everything is copied, and from here on only a log that is wholly in the file can be begun anew, once.
        place.mayRestart = true
        return copied
    }

    private func begin(_ header: WALFormat.Header) throws {
        if let known = place.header {
            let next = UInt32(truncatingIfNeeded: known.salt >> 32) &+ 1
            guard place.mayRestart, UInt32(truncatingIfNeeded: header.salt >> 32) == next else {
                throw SQLError.corrupt("the log was begun anew before it was copied")
            }
        }
        place = Place(header: header, frames: 0, checksum: header.checksum, mayRestart: false)
    }

    // MARK: Reading the log

    /// The header and the number of committed frames, both of one moment.
    private func end() throws -> (WALFormat.Header?, Int) {
        for _ in 0..<500 {
            let before = try bytes(at: 0, count: WALFormat.headerSize)
            // Does not bring more into the file than before the keeper's read.
            let frames = try checkpointer.checkpoint().frames
            if frames >= 0, try bytes(at: 0, count: WALFormat.headerSize) == before {
                return (WALFormat.Header(before), frames)
            }
            // Another connection brings frames into the file just now.
            Thread.sleep(forTimeInterval: 0.002)
        }
        throw SQLError.retry("the log's header does not rest")
    }

    private func copyRecord(until end: Int, _ header: WALFormat.Header, _ mark: Int64) throws {
        let size = WALFormat.frameHeaderSize + header.pageSize
        var count = min(end - place.frames, max(1, limits.record / size))
        while true {
            let start = WALFormat.headerSize + place.frames * size
            let found = try bytes(at: start, count: count * size)
            guard found.count == count * size,
                let chain = WALFormat.follow(
                    found[...], pageSize: header.pageSize, salt: header.salt,
                    bigEndian: header.bigEndian, from: place.checksum)
            else { throw SQLError.corrupt("the log's frames do not follow each other") }
            // Whole transactions only.
            guard let last = chain.frames.lastIndex(where: { $0.sizeAfterCommit > 0 }) else {
                guard place.frames + count < end else {
                    throw SQLError.corrupt("the log's last transaction has no end")
                }
                count = min(end - place.frames, count * 2)
                continue
            }
            let frames = Array(found[..<((last + 1) * size)])
            let after = chain.frames[last].checksum
            try log.append(
                FrameLog.Record(
                    chain: self.chain, sequence: sequence + 1, mark: mark,
                    pageSize: header.pageSize, bigEndian: header.bigEndian, salt: header.salt,
                    before: place.checksum, after: after, frames: frames))
            sequence += 1
            place.frames += last + 1
            place.checksum = after
            // What was added is not in the file, and the keeper's read keeps it out of it.
            place.mayRestart = false
            return
        }
    }

    private func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try wal.seek(toOffset: UInt64(offset))
        return [UInt8](try wal.read(upToCount: count) ?? Data())
    }
}

extension SQLiteDatabase {
    /// Brings a copy of the store forward by the frames of records, page by page.
    ///
    /// - Parameter path: a file that nobody has open, as it was at or after the record before the first of these.
    package static func apply(_ record: FrameLog.Record, to handle: FileHandle) throws {
        let size = WALFormat.frameHeaderSize + record.pageSize
        for start in stride(from: 0, to: record.frames.count, by: size) {
            let frame = WALFormat.frame(record.frames[start..<start + size])
            let body = record.frames[(start + WALFormat.frameHeaderSize)..<(start + size)]
            try handle.seek(toOffset: UInt64(frame.page - 1) * UInt64(record.pageSize))
            try handle.write(contentsOf: body)
            if frame.sizeAfterCommit > 0 {
                try handle.truncate(
                    atOffset: UInt64(frame.sizeAfterCommit) * UInt64(record.pageSize))
            }
        }
    }
}
