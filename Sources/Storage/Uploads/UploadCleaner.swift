package import Desk
import Foundation
package import SQL

/// Removes uploads that nobody said within a day, and bytes that no row names.
package struct UploadCleaner: Sendable {
    /// What one round removed.
    package struct Tally: Hashable, Sendable {
        package var uploads = 0
        package var blobs = 0

        package init() {}
    }

    /// Rows removed in one transaction, so that messages do not wait.
    private static let batch = 200
    /// Files younger than this are never removed: their row may be on its way.
    private static let grace = Span.hours(1)

    private let database: any Database
    private let blobs: any BlobStore
    private let limits: UploadLimits

    package init(database: any Database, blobs: any BlobStore, limits: UploadLimits = .init()) {
        self.database = database
        self.blobs = blobs
        self.limits = limits
    }

    /// - Parameter offPool: runs blocking work on the files on a thread that may block.
    package func clean(
        at now: Instant,
        offPool: @Sendable (@escaping @Sendable () throws -> Int) async throws -> Int
    ) async throws -> Tally {
        var tally = Tally()
        let moment = now - limits.unclaimed
        let young = Date(timeIntervalSince1970: Double((now - Self.grace).milliseconds) / 1000)
        let blobs = blobs
        while true {
            let (rows, keys) = try await database.write { transaction in
                try UploadStore.removeUnclaimed(
                    before: moment, limit: Self.batch, in: transaction)
            }
            tally.uploads += rows
            tally.blobs += try await offPool {
                try keys.filter { try blobs.remove($0, notKeptSince: young) }.count
            }
            if rows < Self.batch { return tally }
        }
    }

    /// Removes bytes that a crash left behind between file and row.
    ///
    /// It looks at every file, so once a day is enough.
    package func sweep(
        at now: Instant,
        offPool: @Sendable (@escaping @Sendable () throws -> [BlobKey]) async throws -> [BlobKey]
    ) async throws -> Int {
        let moment = now - limits.unclaimed
        let old = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
        let blobs = blobs
        let keys = try await offPool { try blobs.leftovers(notKeptSince: old) }
        var removed = 0
        for start in stride(from: 0, to: keys.count, by: Self.batch) {
            let part = Array(keys[start..<min(start + Self.batch, keys.count)])
            let unnamed = try await database.read { try UploadStore.unnamed(part, in: $0) }
            removed += try await offPool {
                try unnamed.filter { try blobs.remove($0, notKeptSince: old) }
            }.count
        }
        return removed
    }
}
