package import Desk
package import Foundation

/// Takes from an image what it tells about people and places, turns it upright and makes it small.
///
/// The one that is used runs each image in a process of its own; see `Server/Images`.
package protocol ImageCleaner: Sendable {
    /// - Parameter file: the image as it was sent, on disk.
    /// - Throws: the ``Refusal`` to show to who sent it; ``Refusal/uploadBusy`` when too many wait.
    func clean(_ file: URL, limits: UploadLimits) async throws -> CleanImage
}
