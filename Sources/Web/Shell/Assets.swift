import Foundation
package import NIOCore
import Synchronization

/// The front end's files by address, such as `widget/page.html`.
///
/// They are built into the program. While developing, a folder is read instead, anew at each request.
package final class Assets: Sendable {
    private enum Source: Sendable {
        case builtIn([String: EmbeddedFile])
        /// The folder that holds `Workspace`, `Widget`, `Protocol` and `Design`.
        case folder(URL)
    }

    /// The first part of an address, and the folder it is served from.
    ///
    /// Modules name each other by their folders (`../Protocol/keys.js`), and a shop's page has no import map
    /// of ours; so two folders are served by their own names too.
    static let folders = [
        "workspace": "Workspace", "widget": "Widget", "protocol": "Protocol", "design": "Design",
        "Protocol": "Protocol", "Design": "Design",
    ]

    private let source: Source
    private let ready = Mutex<[String: Asset]>([:])

    /// - Parameter webRoot: serve from this folder instead of from the program.
    package init(webRoot: String? = nil) {
        if let webRoot {
            source = .folder(URL(filePath: webRoot, directoryHint: .isDirectory))
        } else {
            source = .builtIn(
                Dictionary(EmbeddedWeb.files.map { ($0.path, $0) }, uniquingKeysWith: { $1 }))
        }
    }

    /// The addresses of all files that are built in.
    package static var builtIn: [String] { EmbeddedWeb.files.map(\.path) }

    /// Nil when there is no such file; names that lead out of the folders are no files.
    func file(_ address: String) -> Asset? {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, let folder = Self.folders[String(parts[0])],
            !parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") || $0.contains("\\") })
        else { return nil }
        let path = ([folder] + parts.dropFirst().map(String.init)).joined(separator: "/")
        switch source {
        case .builtIn(let files):
            guard let file = files[path] else { return nil }
            if let asset = ready.withLock({ $0[path] }) { return asset }
            let asset = Asset(path: path, bytes: file.bytes)
            return ready.withLock { known in
                let first = known[path] ?? asset
                known[path] = first
                return first
            }
        case .folder(let root):
            let decoded = path.removingPercentEncoding ?? path
            guard !decoded.contains(".."),
                let data = try? Data(contentsOf: root.appending(path: decoded))
            else { return nil }
            return Asset(path: path, bytes: ByteBuffer(bytes: data))
        }
    }
}

/// A file that the compiler put into the program.
package struct EmbeddedFile: Sendable {
    package let path: String
    private let text: StaticString
    /// Whether `text` is base64 of the content.
    private let encoded: Bool

    package init(path: String, text: StaticString, encoded: Bool) {
        self.path = path
        self.text = text
        self.encoded = encoded
    }

    package var bytes: ByteBuffer {
        guard encoded else { return ByteBuffer(staticString: text) }
        return ByteBuffer(bytes: Data(base64Encoded: text.description) ?? Data())
    }
}
