import Foundation

/// Leaves out what only people read, so that a module travels as small as it runs.
///
/// Nothing is renamed or rewritten: whole-line comments, block comments that begin a line, type casts and
/// indentation go.
/// It knows no JavaScript, so a module with a text over several lines stays as it is.
enum Slim {
    /// The text as it is sent; other kinds of file come back as they are.
    static func text(_ text: String, path: String) -> String {
        guard path.hasSuffix(".js") || path.hasSuffix(".css") else { return text }
        let style = path.hasSuffix(".css")
        if !style, hasLongText(text) { return text }
        var kept: [Substring] = []
        var inComment = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            var rest = line.trimming(while: \.isWhitespace)
            if inComment {
                guard let end = rest.range(of: "*/") else { continue }
                rest = rest[end.upperBound...].trimming(while: \.isWhitespace)
                inComment = false
            }
            while rest.hasPrefix("/*") {
                guard let end = rest.dropFirst(2).range(of: "*/") else {
                    inComment = true
                    break
                }
                rest = rest[end.upperBound...].trimming(while: \.isWhitespace)
            }
            if inComment || rest.isEmpty || (!style && rest.hasPrefix("//")) { continue }
            kept.append(
                style ? tightened(rest) : rest.replacing(/\/\*\* @type [^*]*\*\/ ?/, with: ""))
        }
        return kept.joined(separator: "\n") + "\n"
    }

    /// A line of a style sheet without the spaces that only please; lines that quote something stay.
    private static func tightened(_ line: Substring) -> Substring {
        guard !line.contains("\""), !line.contains("'") else { return line }
        return line.replacing(/\s*([{};])\s*/) { $0.1 }.replacing(/([:,])\s+/) { $0.1 }
    }

    /// Whether the back-ticks of some line do not pair up: a template text that goes on over the line's end.
    private static func hasLongText(_ text: String) -> Bool {
        var inComment = false
        for line in text.split(separator: "\n") {
            let bare = line.trimming(while: \.isWhitespace)
            if inComment {
                inComment = !bare.contains("*/")
            } else if bare.hasPrefix("/*"), !bare.contains("*/") {
                inComment = true
            } else if !bare.hasPrefix("//"), !line.filter({ $0 == "`" }).count.isMultiple(of: 2) {
                return true
            }
        }
        return false
    }
}

extension Substring {
    /// Without such characters at both ends.
    fileprivate func trimming(while skip: (Character) -> Bool) -> Substring {
        var rest = drop(while: skip)
        while let last = rest.last, skip(last) { rest.removeLast() }
        return rest
    }
}
