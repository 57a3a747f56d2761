import NIOCore
import Testing

@testable import Web

@Suite struct `The buyer's window` {
    private static let eager = [
        "widget/widget.js", "widget/chat.css", "design/tokens.css", "widget/texts.zh.js",
        // Only where the shop has colours of its own.
        "design/look.js",
    ]

    /// Every file that one script tag brings along: the modules named by `import … from`, and what `chat.js` fetches.
    private static func loaded(with assets: Assets) throws -> [String] {
        var found = eager
        var waiting = ["widget/chat.js"]
        while let address = waiting.popLast() {
            guard !found.contains(address) else { continue }
            found.append(address)
            let text = String(
                buffer: try #require(assets.file(address), "\(address) is not there").body)
            let folder = address.split(separator: "/").dropLast().joined(separator: "/")
            for name in text.matches(of: /(?m)^(?:import|export|\}) .*?"(\.[^"]+)";/).map(\.1) {
                waiting.append(
                    name.hasPrefix("../")
                        ? name.dropFirst(3).lowercased(prefix: "/")
                        : "\(folder)/\(name.dropFirst(2))")
            }
        }
        return found
    }

    @Test func `travels in at most 35 kB until it is open and talking`() throws {
        let assets = Assets()
        let files = try Self.loaded(with: assets)
        #expect(files.contains("protocol/outbox.js"), "the walk follows imports")
        let sizes = try files.map { address in
            let bytes = try #require(assets.file(address)).body
            return (address, (Gzip.press(bytes) ?? bytes).readableBytes)
        }
        let total = sizes.map(\.1).reduce(0, +)
        #expect(total <= 35_000, "\(total) bytes: \(sizes.sorted { $0.1 > $1.1 })")
    }
}

extension Substring {
    /// "Protocol/keys.js" → "protocol/keys.js": the folder's other address.
    fileprivate func lowercased(prefix mark: Character) -> String {
        guard let end = firstIndex(of: mark) else { return String(self) }
        return self[..<end].lowercased() + self[end...]
    }
}
