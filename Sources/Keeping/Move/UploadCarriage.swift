import Crypto
package import Desk
import Foundation
package import SQL
package import Storage

/// Brings the bytes of every upload that a store names to where they shall be kept, and proves each by its digest.
///
/// The sources are only read. What is in the target already, whole and right, is left as it is, so it may be run again at any
/// time; what is there half or wrong is replaced.
package struct UploadCarriage: Sendable {
    /// Where the bytes may be now; asked in this order, so that a shop which changed its mind loses nothing.
    package let sources: [UploadHome]
    package let target: UploadHome
    /// Whether what no source has is left out instead of refused.
    package var leavesOutMissing = false

    package init(from sources: [UploadHome], to target: UploadHome) {
        self.sources = sources
        self.target = target
    }

    package struct Tally: Sendable, Hashable {
        /// Different files, thumbnails among them; equal ones are kept once.
        package var files = 0
        /// Their bytes, of those that this run looked at.
        package var bytes = 0
        /// Those that this run brought.
        package var carried = 0
        /// Those that no source has whole, with the name that a person gave them.
        package var lost: [Lost] = []
    }

    package struct Lost: Sendable, Hashable {
        package let key: BlobKey
        package let name: String
    }

    /// The tables in which a store keeps uploads' bytes.
    static let tables: Set<String> = ["blob", "blob_part"]

    /// Keys asked of the store at once, and marked as done at once.
    private static let page = 32
    /// Files on their way at the same time, so that their commits share one.
    private static let together = 8
    /// Bytes read at once.
    private static let piece = 4 * BlobTable.part

    // MARK: Before

    /// Looks whether every upload is in one of the sources, without reading it.
    ///
    /// - Throws: ``KeepingFailure`` naming those that are not.
    package func look(in store: any Database) async throws {
        if leavesOutMissing { return }
        var missing: [BlobKey] = []
        var after = ""
        while true {
            let keys = try await Self.keys(after: after, in: store)
            guard let last = keys.last else { break }
            missing += try await onThread { try keys.filter { try !isSomewhere($0) } }
            after = last.description
        }
        try await refuse(missing, in: store)
    }

    private func isSomewhere(_ key: BlobKey) throws -> Bool {
        try sources.contains { source in
            do {
                return try !source.blobs.read(key, from: 0, count: 1).isEmpty
            } catch is BlobMissing { return false }
        }
    }

    private func refuse(_ missing: [BlobKey], in store: any Database) async throws {
        guard !missing.isEmpty else { return }
        let lost = try await Self.named(Array(missing.prefix(3)), in: store)
        throw Self.refusal(lost, count: missing.count, sources)
    }

    private static func refusal(
        _ lost: [Lost], count: Int, _ sources: [UploadHome]
    ) -> KeepingFailure {
        let some = lost.prefix(3).map { "\($0.name) (\($0.key.description.prefix(12))…)" }
            .joined(separator: ", ")
        let (zh, en) = (
            sources.map(\.words.zh).joined(separator: "、"),
            sources.map(\.words.en).joined(separator: ", ")
        )
        return KeepingFailure(
            zh: "有 \(count) 个图片或文件不在\(zh)，或者已经损坏：\(some)。它们在别的文件夹就用 --files-from 写明；"
                + "真的没有了、不要它们也要搬，请加 --without-missing",
            en:
                "\(count) pictures or files are missing or damaged in \(en): \(some). If they lie in another folder, name it by "
                + "--files-from; if they are lost and you go without them, add --without-missing")
    }

    // MARK: The way

    /// - Parameters:
    ///   - first: the last key that an earlier run brought, if it said so to `save`.
    ///   - tell: called after each file with how far it is and the bytes so far; when it throws, it stops there.
    ///   - save: called with the last key before which all are in the target.
    /// - Throws: ``KeepingFailure`` in words; it goes on from there when it is run again.
    package func run(
        of store: any Database, after first: String = "",
        _ tell: (MovePace, Int) throws -> Void,
        save: (String) async throws -> Void = { _ in }
    ) async throws -> Tally {
        let (total, there) = try await (
            Self.count(after: "", in: store), Self.count(after: first, in: store)
        )
        var tally = Tally(files: total)
        var pace = MovePace(total: total, rows: total - there)
        var lost: [BlobKey] = []
        let began = ContinuousClock.now
        var after = first
        while true {
            let keys = try await Self.keys(after: after, in: store)
            guard let last = keys.last else { break }
            try await carry(keys) { key, outcome in
                switch outcome {
                case .there(let bytes): tally.bytes += bytes
                case .carried(let bytes):
                    tally.bytes += bytes
                    tally.carried += 1
                case .lost: lost.append(key)
                }
                pace.add(1, at: milliseconds(since: began))
                try tell(pace, tally.bytes)
            }
            after = last.description
            if lost.isEmpty || leavesOutMissing { try await save(after) }
        }
        tally.lost = try await Self.named(lost, in: store)
        if !leavesOutMissing, !lost.isEmpty {
            throw Self.refusal(tally.lost, count: lost.count, sources)
        }
        return tally
    }

    /// Removes from the sources what the target has whole and right.
    ///
    /// - Returns: how many were removed.
    package func clear(of store: any Database) async throws -> Int {
        var removed = 0
        var after = ""
        while true {
            let keys = try await Self.keys(after: after, in: store)
            guard let last = keys.last else { return removed }
            removed += try await onThread {
                try keys.filter { key in
                    guard try Self.prove(key, in: target.blobs) != nil else { return false }
                    return try sources.filter {
                        try $0.blobs.remove(key, notKeptSince: .distantFuture)
                    }.count > 0
                }.count
            }
            after = last.description
        }
    }

    private enum Outcome: Sendable {
        case there(Int)
        case carried(Int)
        case lost
    }

    private func carry(
        _ keys: [BlobKey], arrived: (BlobKey, Outcome) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (BlobKey, Outcome).self) { group in
            var waiting = keys.makeIterator()
            for _ in 0..<Self.together {
                guard let key = waiting.next() else { break }
                group.addTask { (key, try await onThread { try carry(key) }) }
            }
            while let (key, outcome) = try await group.next() {
                try arrived(key, outcome)
                if let next = waiting.next() {
                    group.addTask { (next, try await onThread { try carry(next) }) }
                }
            }
        }
    }

    /// Blocks.
    private func carry(_ key: BlobKey) throws -> Outcome {
        do {
            if let bytes = try Self.prove(key, in: target.blobs) { return .there(bytes) }
            for source in sources {
                let incoming = try target.blobs.receive()
                guard try Self.take(key, from: source.blobs, into: incoming) else {
                    incoming.discard()
                    continue
                }
                // Half of it, or something else under its name, may be there.
                _ = try target.blobs.remove(key, notKeptSince: .distantFuture)
                _ = try target.blobs.keep(incoming)
                guard let bytes = try Self.prove(key, in: target.blobs) else {
                    throw SQLError.corrupt("\(key)")
                }
                return .carried(bytes)
            }
            return .lost
        } catch {
            throw KeepingFailure(
                zh: "图片和文件没能存进\(target.words.zh)（\(error)）：腾出空间或修好之后，用同一条命令接着搬",
                en:
                    "a picture or file could not be kept in \(target.words.en) (\(error)): make room or mend it, and go on with "
                    + "the same command")
        }
    }

    /// - Returns: whether the source had all of it, and right.
    private static func take(
        _ key: BlobKey, from source: any BlobStore, into incoming: IncomingBlob
    ) throws -> Bool {
        do {
            let found = try digest(key, in: source) { try incoming.append($0) }
            return found.key == key
        } catch is BlobMissing {
            return false
        } catch {
            incoming.discard()
            throw error
        }
    }

    /// - Returns: the length of a blob whose bytes are what its name says; nil when it is not there, or wrong.
    package static func prove(_ key: BlobKey, in store: any BlobStore) throws -> Int? {
        do {
            let found = try digest(key, in: store) { _ in }
            return found.key == key ? found.bytes : nil
        } catch is BlobMissing {
            return nil
        }
    }

    private static func digest(
        _ key: BlobKey, in store: any BlobStore, each: ([UInt8]) throws -> Void
    ) throws -> (key: BlobKey, bytes: Int) {
        var hash = SHA256()
        var place = 0
        while true {
            let part = try store.read(key, from: place, count: piece)
            if part.isEmpty { return (BlobKey(digest: hash.finalize()), place) }
            hash.update(data: part)
            place += part.count
            try each(part)
        }
    }

    private func milliseconds(since began: ContinuousClock.Instant) -> Int {
        let span = (ContinuousClock.now - began).components
        return Int(span.seconds) * 1000 + Int(span.attoseconds / 1_000_000_000_000_000)
    }

    // MARK: What the rows name

    private static func keys(after: String, in store: any Database) async throws -> [BlobKey] {
        try await store.read { transaction in
            try transaction.rows(
                """
                SELECT key FROM (SELECT DISTINCT blob AS key FROM upload WHERE blob > \(after)
                    ORDER BY blob LIMIT \(page)) AS a
                UNION SELECT key FROM (SELECT DISTINCT thumbnail AS key FROM upload
                    WHERE thumbnail > \(after) ORDER BY thumbnail LIMIT \(page)) AS b
                ORDER BY key LIMIT \(page)
                """
            ).map { row in
                let text: String = try row.get(0)
                guard let key = BlobKey(text) else { throw SQLError.corrupt("upload \(text)") }
                return key
            }
        }
    }

    private static func count(after: String, in store: any Database) async throws -> Int {
        try await store.read { transaction in
            try transaction.first(
                """
                SELECT count(*) FROM (SELECT blob AS key FROM upload WHERE blob > \(after)
                    UNION SELECT thumbnail FROM upload WHERE thumbnail > \(after)) AS keys
                """)?.get(0) ?? 0
        }
    }

    private static func named(_ keys: [BlobKey], in store: any Database) async throws -> [Lost] {
        try await store.read { transaction in
            try keys.map { key in
                let name = key.description
                let row = try transaction.first(
                    """
                    SELECT name FROM upload WHERE blob = \(name)
                    UNION ALL SELECT name FROM upload WHERE thumbnail = \(name) LIMIT 1
                    """)
                return Lost(key: key, name: try row?.get(0) ?? "?")
            }
        }
    }
}
