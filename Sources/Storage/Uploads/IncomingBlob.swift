import Crypto
package import Foundation
import Synchronization

/// A file while it comes in: written to disk as it arrives, its beginning kept for finding its kind.
///
/// Used by one task at a time.
package final class IncomingBlob: Sendable {
    /// Where the bytes are until they are kept.
    package let file: URL
    private struct State {
        var size = 0
        var head: [UInt8] = []
        var hash = SHA256()
    }

    private let headLength: Int
    private let handle: FileHandle
    private let state = Mutex(State())

    /// Bytes so far.
    package var size: Int { state.withLock { $0.size } }
    /// The first bytes, at most `headLength`.
    package var head: [UInt8] { state.withLock { $0.head } }

    init(file: URL, headLength: Int = 4096) throws {
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        self.file = file
        self.headLength = headLength
        handle = try FileHandle(forWritingTo: file)
    }

    /// Appends what arrived.
    package func append(_ bytes: some DataProtocol) throws {
        let data = Data(bytes)
        try handle.write(contentsOf: data)
        state.withLock { state in
            if state.head.count < headLength {
                state.head += data.prefix(headLength - state.head.count)
            }
            state.hash.update(data: data)
            state.size += data.count
        }
    }

    /// Puts the bytes on the disk and tells their name.
    func finish() throws -> BlobKey {
        try handle.synchronize()
        try handle.close()
        return BlobKey(digest: state.withLock { $0.hash.finalize() })
    }

    /// Throws the bytes away.
    package func discard() {
        try? handle.close()
        try? FileManager.default.removeItem(at: file)
    }
}
