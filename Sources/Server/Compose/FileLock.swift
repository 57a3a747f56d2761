import Foundation
import Glibc

/// Keeps a second server, or a restore, away from a file of data that is in use.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Nil when somebody else holds it.
    ///
    /// The kernel frees it when the process ends, however it ends.
    init?(of data: String) {
        let descriptor = open(data + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }
}
