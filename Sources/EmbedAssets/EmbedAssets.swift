import Foundation

/// Writes one Swift file that holds the files of some folders, so that the program is one file.
///
///     EmbedAssets OUTPUT ENUM MODULE ROOT FOLDER …
///
/// MODULE is where `EmbeddedFile` is; `-` when it is the same one.
///
/// Text becomes raw literals, which the compiler takes in by the megabyte; anything else becomes base64.
@main enum EmbedAssets {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 6 else {
            throw Failure("usage: EmbedAssets OUTPUT ENUM MODULE ROOT FOLDER …")
        }
        let root = URL(filePath: arguments[4], directoryHint: .isDirectory)
        var text = """
            // Made by EmbedAssets from the files themselves. Change those.
            \(arguments[3] == "-" ? "" : "import \(arguments[3])")
            enum \(arguments[2]) {
                static let files: [EmbeddedFile] = [

            """
        for folder in arguments[5...] {
            for path in try files(in: root.appending(path: folder)) {
                let data = try Data(contentsOf: root.appending(path: folder).appending(path: path))
                text += entry("\(folder)/\(path)", data)
            }
        }
        text += "    ]\n}\n"
        let output = URL(filePath: arguments[1])
        if let old = try? String(contentsOf: output, encoding: .utf8), old == text { return }
        try text.write(to: output, atomically: true, encoding: .utf8)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Relative paths, in order, without hidden files and pages for developers.
    static func files(in folder: URL) throws -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false))
        else { return [] }
        var paths: [String] = []
        while let path = walk.nextObject() as? String {
            let hidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
            guard !hidden, !path.hasSuffix(".md"),
                walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular
            else { continue }
            paths.append(path)
        }
        return paths.sorted()
    }

    static func entry(_ path: String, _ data: Data) -> String {
        let fence = "\"\"\"####"
        if let whole = String(data: data, encoding: .utf8), Data(whole.utf8) == data,
            case let text = Slim.text(whole, path: path),
            !text.contains(fence), !text.contains("\\####"),
            !text.unicodeScalars.contains(where: { $0.value == 13 || $0.value == 0 })
        {
            return """
                        EmbeddedFile(path: "\(path)", text: ####\"""
                \(text)
                \"""####, encoded: false),

                """
        }
        return """
                    EmbeddedFile(path: "\(path)", text: "\(data.base64EncodedString())", encoded: true),

            """
    }
}
