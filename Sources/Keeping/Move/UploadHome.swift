package import Desk
package import Foundation
package import SQL
package import Storage

/// A place where uploads are kept: a folder, or the store itself.
package struct UploadHome: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case folder, database }

    package let kind: Kind
    package let blobs: any BlobStore
    /// Tells an interrupted move whether it goes on to the same place.
    let name: String
    /// As people read it.
    package let words: Localized

    /// A folder that is made when it is not there.
    package static func folder(_ root: URL) throws -> UploadHome {
        UploadHome(try BlobFolder(root), root)
    }

    /// A folder of somebody else's, which is only read; it need not be there.
    package static func folder(reading root: URL) -> UploadHome {
        UploadHome(BlobFolder(reading: root), root)
    }

    /// - Parameter incoming: a folder for files on their way in, made when it is not there.
    package static func database(_ database: any Database, incoming: URL) throws -> UploadHome {
        UploadHome(
            kind: .database, blobs: try BlobTable(database, incoming: incoming), name: "database",
            words: Localized(zh: "数据库", en: "the database"))
    }

    private init(_ folder: BlobFolder, _ root: URL) {
        let path = root.plainPath.trimmedSlash
        self.init(
            kind: .folder, blobs: folder, name: "folder \(path)",
            words: Localized(zh: "文件夹 \(path)", en: "the folder \(path)"))
    }

    private init(kind: Kind, blobs: any BlobStore, name: String, words: Localized) {
        self.kind = kind
        self.blobs = blobs
        self.name = name
        self.words = words
    }
}

extension UploadHome {
    /// Whether a store names uploads; one of the first steps does not know them.
    package static func areNamed(in store: any Database) async throws -> Bool {
        try await store.read { try Catalogue(of: $0).table("upload") != nil }
    }

    /// Whether a store of this step may hold uploads' bytes.
    package static func mayHold(_ store: any Database) async throws -> Bool {
        try await store.read { transaction in
            let catalogue = try Catalogue(of: transaction)
            return UploadCarriage.tables.allSatisfy { catalogue.table($0) != nil }
        }
    }
}

/// Waits for work on files on a thread that nobody else needs.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
