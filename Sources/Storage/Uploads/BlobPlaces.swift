package import Foundation

/// Keeps blobs in one place, and finds those too that lie in another.
///
/// A shop that changes its mind about where uploads are kept, or restores a backup of the other kind, misses none meanwhile.
package struct BlobPlaces: BlobStore {
    /// Where blobs are kept and looked for first.
    private let main: any BlobStore
    private let other: any BlobStore

    package init(_ main: any BlobStore, alsoIn other: any BlobStore) {
        self.main = main
        self.other = other
    }

    package func receive() throws -> IncomingBlob { try main.receive() }

    package func keep(_ incoming: IncomingBlob) throws -> BlobKey { try main.keep(incoming) }

    package func keep(_ bytes: [UInt8]) throws -> BlobKey { try main.keep(bytes) }

    package func read(_ key: BlobKey, from offset: Int, count: Int) throws -> [UInt8] {
        do { return try main.read(key, from: offset, count: count) } catch is BlobMissing {
            return try other.read(key, from: offset, count: count)
        }
    }

    package func remove(_ key: BlobKey, notKeptSince moment: Date) throws -> Bool {
        let removed = try main.remove(key, notKeptSince: moment)
        return try other.remove(key, notKeptSince: moment) || removed
    }

    package func leftovers(notKeptSince moment: Date) throws -> [BlobKey] {
        let here = try main.leftovers(notKeptSince: moment)
        return try Set(here + other.leftovers(notKeptSince: moment))
            .sorted { $0.description < $1.description }
    }
}
