import Crypto
package import Foundation

/// The name of some bytes: their SHA-256, in 64 hexadecimal digits.
package struct BlobKey: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init?(_ text: String) {
        guard text.utf8.count == 64,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        description = text
    }

    init(of bytes: [UInt8]) { self.init(digest: SHA256.hash(data: bytes)) }

    package init(digest: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef")
        description = String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// Keeps bytes under the digest of their content, so that equal files are kept once.
///
/// All calls block: make them on a thread of your own, never on the cooperative pool.
package protocol BlobStore: Sendable {
    /// Begins to take in a file of unknown length.
    func receive() throws -> IncomingBlob

    /// Keeps what was taken in; durable when it returns. The incoming blob is used up.
    func keep(_ incoming: IncomingBlob) throws -> BlobKey

    /// Keeps these bytes; durable when it returns.
    func keep(_ bytes: [UInt8]) throws -> BlobKey

    /// At most `count` bytes from `offset` on; empty at the end.
    /// - Throws: ``BlobMissing`` when there is no such blob.
    func read(_ key: BlobKey, from offset: Int, count: Int) throws -> [UInt8]

    /// Removes a blob that has not been kept anew since `moment`.
    ///
    /// A file may be on its way in while its last row is on its way out; what was just kept stays.
    /// - Returns: whether it was removed.
    func remove(_ key: BlobKey, notKeptSince moment: Date) throws -> Bool

    /// Blobs not kept anew since `moment`, and the remains of files that never came in whole, which are
    /// removed at once.
    func leftovers(notKeptSince moment: Date) throws -> [BlobKey]
}

/// A row names a blob that is not there: the folder was not restored with the data.
package struct BlobMissing: Error {
    package let key: BlobKey
}
