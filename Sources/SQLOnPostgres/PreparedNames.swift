import SQL

/// The names under which one link's statements are prepared at the server.
struct PreparedNames {
    private var byText: [String: String] = [:]
    /// Those of fixed texts, which live as long as the program.
    private var byFixed: [ObjectIdentifier: String] = [:]
    /// Fixed texts for several rows at once.
    private var severalRows: [ObjectIdentifier: [Int: FixedText]] = [:]
    private var made = 0

    var count: Int { byText.count }

    mutating func name(of sql: Statement) -> String? {
        guard let fixed = sql.fixed else { return byText[sql.text] }
        if let name = byFixed[ObjectIdentifier(fixed)] { return name }
        let name = byText[sql.text]
        byFixed[ObjectIdentifier(fixed)] = name
        return name
    }

    /// A new name, not yet known to be prepared.
    mutating func next() -> String {
        made += 1
        return "s\(made)"
    }

    mutating func note(_ name: String, of text: String) { byText[text] = name }

    mutating func forget(_ text: String) {
        byText[text] = nil
        byFixed = [:]
    }

    mutating func forgetAll() {
        byText = [:]
        byFixed = [:]
    }

    /// The statement that adds so many rows.
    mutating func text(_ text: FixedText, rows: Int) -> FixedText {
        guard rows > 1 else { return text }
        if let known = severalRows[ObjectIdentifier(text)]?[rows] { return known }
        let several = text.rows(rows)
        severalRows[ObjectIdentifier(text), default: [:]][rows] = several
        return several
    }
}
