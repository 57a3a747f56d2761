import Desk
import Dispatch
package import Foundation
package import SQL

/// Blobs as rows of the store, in parts, so that every node that shares the store has them and a backup of it holds them.
///
/// A part is a transaction of its own: messages never wait for a whole file. A blob counts when all its parts are there;
/// what a crash leaves half is completed by the next upload of the same bytes, or swept away.
package struct BlobTable: BlobStore {
    /// Bytes of one row.
    package static let part = 256 << 10

    private let database: any Database
    /// Where a file is while it comes in; on this node only.
    private let incoming: URL

    /// Makes the folder when it is not there.
    package init(_ database: any Database, incoming: URL) throws {
        self.database = database
        self.incoming = incoming
        try FileManager.default.createDirectory(
            at: incoming, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    package func receive() throws -> IncomingBlob {
        try IncomingBlob(file: incoming.appending(path: UUID().uuidString))
    }

    package func keep(_ incoming: IncomingBlob) throws -> BlobKey {
        let size = incoming.size
        let key = try incoming.finish()
        defer { incoming.discard() }
        let file = try FileHandle(forReadingFrom: incoming.file)
        defer { try? file.close() }
        try keep(key, size: size) { index in
            try file.seek(toOffset: UInt64(index * Self.part))
            return [UInt8](try file.read(upToCount: Self.part) ?? Data())
        }
        return key
    }

    package func keep(_ bytes: [UInt8]) throws -> BlobKey {
        let key = BlobKey(of: bytes)
        try keep(key, size: bytes.count) { index in
            let start = index * Self.part
            return Array(bytes[start..<min(start + Self.part, bytes.count)])
        }
        return key
    }

    private func keep(
        _ key: BlobKey, size: Int, part: (_ index: Int) throws -> [UInt8]
    ) throws {
        let name = key.description
        let known = try write { transaction -> Set<Int> in
            let now = try StoreClock.now(transaction)
            // From here on nobody removes it; whoever is removing it now is waited for.
            try transaction.run(
                """
                INSERT INTO blob (key, size, kept_at) VALUES (\(name), \(size), \(now))
                ON CONFLICT (key) DO UPDATE SET kept_at = excluded.kept_at
                """)
            return Set(
                try transaction.rows("SELECT part FROM blob_part WHERE key = \(name)").map {
                    try $0.get(0, as: Int.self)
                })
        }
        for index in 0..<Self.parts(size) where !known.contains(index) {
            let bytes = try part(index)
            try write { transaction in
                try transaction.run(
                    """
                    INSERT INTO blob_part (key, part, bytes) VALUES (\(name), \(index), \(bytes))
                    ON CONFLICT DO NOTHING
                    """)
            }
        }
    }

    private static func parts(_ size: Int) -> Int { (size + part - 1) / part }

    package func read(_ key: BlobKey, from offset: Int, count: Int) throws -> [UInt8] {
        let name = key.description
        let first = offset / Self.part
        let last = (offset + max(1, count) - 1) / Self.part
        return try wait { [database] in
            try await database.read { transaction in
                guard
                    let row = try transaction.first("SELECT size FROM blob WHERE key = \(name)")
                else { throw BlobMissing(key: key) }
                let size: Int = try row.get(0)
                guard offset < size, count > 0 else { return [] }
                let rows = try transaction.rows(
                    """
                    SELECT part, bytes FROM blob_part
                    WHERE key = \(name) AND part BETWEEN \(first) AND \(last) ORDER BY part
                    """)
                var bytes: [UInt8] = []
                var expected = first
                for row in rows {
                    guard try row.get(0, as: Int.self) == expected else { break }
                    bytes += try row.get(1, as: [UInt8].self)
                    expected += 1
                }
                let start = offset - first * Self.part
                let end = min(start + count, size - first * Self.part)
                guard bytes.count >= end else { throw BlobMissing(key: key) }
                return Array(bytes[start..<end])
            }
        }
    }

    package func remove(_ key: BlobKey, notKeptSince moment: Date) throws -> Bool {
        let name = key.description
        let moment = Instant(milliseconds: Int64(moment.timeIntervalSince1970 * 1000))
        return try write { transaction in
            let old = try transaction.first(
                """
                SELECT 1 FROM blob WHERE key = \(name) AND kept_at < \(moment)\
                \(transaction.dialect.forUpdate)
                """)
            guard old != nil else { return false }
            try transaction.run("DELETE FROM blob_part WHERE key = \(name)")
            try transaction.run("DELETE FROM blob WHERE key = \(name)")
            return true
        }
    }

    package func leftovers(notKeptSince moment: Date) throws -> [BlobKey] {
        for file in try FileManager.default.contentsOfDirectory(
            at: incoming, includingPropertiesForKeys: nil)
        {
            let facts = try? FileManager.default.attributesOfItem(atPath: file.path)
            if let began = facts?[.modificationDate] as? Date, began < moment {
                try? FileManager.default.removeItem(at: file)
            }
        }
        let moment = Instant(milliseconds: Int64(moment.timeIntervalSince1970 * 1000))
        return try wait { [database] in
            try await database.read { transaction in
                try transaction.rows(
                    "SELECT key FROM blob WHERE kept_at < \(moment) ORDER BY key"
                ).compactMap { BlobKey(try $0.get(0)) }
            }
        }
    }

    // MARK: - From a thread that may block

    private func write<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) throws -> T {
        try wait { [database] in try await database.write(body) }
    }

    /// The calls of a ``BlobStore`` block, on threads that are for that; the store's do not.
    private func wait<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
        let box = ResultBox<T>()
        let done = DispatchSemaphore(value: 0)
        Task {
            do { box.set(.success(try await body())) } catch { box.set(.failure(error)) }
            done.signal()
        }
        done.wait()
        return try box.take()
    }
}

/// Carries one result from a task to the thread that waits for it.
private final class ResultBox<T: Sendable>: Sendable {
    private let lock = NSLock()
    // Only touched while `lock` is held.
    nonisolated(unsafe) private var result: Result<T, any Error>?

    func set(_ value: Result<T, any Error>) { lock.withLock { result = value } }

    func take() throws -> T {
        guard let result = lock.withLock({ result }) else { throw SQLError.closed }
        return try result.get()
    }
}
