/// Which column of a file tells what.
package struct ColumnMapping: Hashable, Sendable, Codable {
    package let format: ExchangeFormat.Name
    /// The field's column, by the header's own words.
    package var columns: [ExchangeField: String]

    package init(format: ExchangeFormat.Name, columns: [ExchangeField: String]) {
        self.format = format
        self.columns = columns
    }

    private enum CodingKeys: CodingKey { case format, columns }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        format = try values.decode(ExchangeFormat.Name.self, forKey: .format)
        let named = try values.decode([String: String].self, forKey: .columns)
        columns = [:]
        for (name, header) in named {
            // A field of a later version is left out.
            if let field = ExchangeField(rawValue: name), !header.isEmpty {
                columns[field] = header
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(format, forKey: .format)
        let named = columns.map { ($0.key.rawValue, $0.value) }
        try values.encode(Dictionary(uniqueKeysWithValues: named), forKey: .columns)
    }

    /// The fields of the format that no column tells.
    package var missing: [ExchangeField] {
        ExchangeFormat.of(format).fields.filter { columns[$0] == nil }
    }

    /// The headers that nobody takes in.
    package func ignored(of headers: [String]) -> [String] {
        let taken = Set(columns.values)
        return headers.filter { !taken.contains($0) && !CellText.clean($0).isEmpty }
    }

    /// - Throws: when a field that must be there has no column, or a column is not in the file.
    package func check(_ headers: [String]) throws(Refusal) {
        let format = ExchangeFormat.of(format)
        if let field = format.required.first(where: { columns[$0] == nil }) {
            throw Refusal(
                .invalid, "exchange.columnMissing", zh: "还没有指定“\(field.name.zh)”是哪一列",
                en: "No column is chosen for \"\(field.name.en)\"",
                instead: Localized(
                    zh: "请在列对应里选一列，或换一个文件",
                    en: "Choose one among the columns, or take another file"),
                field: field.rawValue)
        }
        let known = Set(headers)
        if let unknown = columns.first(where: { !known.contains($0.value) }) {
            throw Refusal(
                .invalid, "exchange.columnUnknown", zh: "文件里没有“\(unknown.value)”这一列",
                en: "The file has no column \"\(unknown.value)\"", field: unknown.key.rawValue)
        }
    }
}

/// What the first rows of a file say about it.
package struct Recognition: Hashable, Sendable {
    /// The row of the headers, counted from 1.
    package let headerRow: Int
    package let headers: [String]
    package let mapping: ColumnMapping
    /// Rows after the header, to be shown.
    package let sample: [TableRow]

    /// Looks for a header in the first rows: it need not be the first.
    ///
    /// The row that names most columns of one format wins; a format that is told apart by its marks wins before a table
    /// of which only some words are known.
    /// - Returns: nil when nothing stands in the file.
    package static func of(_ rows: [TableRow]) -> Recognition? {
        var best: (score: Int, row: Int, mapping: ColumnMapping)?
        for (index, row) in rows.prefix(20).enumerated() where row.fault == nil {
            let headers = headers(of: row)
            let keys = headers.map(CellText.header)
            for format in ExchangeFormat.all {
                let mapping = format.mapping(headers, keys)
                let marks = format.recognises(Set(keys))
                let hasRequired = format.required.allSatisfy { mapping.columns[$0] != nil }
                let score =
                    mapping.columns.count + (marks.map { 1_000 + 10 * $0 } ?? 0)
                    + (hasRequired ? 100 : 0)
                if mapping.columns.count >= 2, score > best?.score ?? 0 {
                    best = (score, index, mapping)
                }
            }
        }
        // Nothing known: the first row with several cells is taken as the header, and a person says what is what.
        let fallback = rows.firstIndex {
            $0.fault == nil && $0.cells.filter { $0 != "" }.count >= 2
        }
        guard let at = best?.row ?? fallback ?? rows.firstIndex(where: { !$0.isBlank }) else {
            return nil
        }
        return Recognition(
            headerRow: rows[at].number, headers: headers(of: rows[at]),
            mapping: best?.mapping ?? ColumnMapping(format: .orders, columns: [:]),
            sample: Array(rows[(at + 1)...].filter { !$0.isBlank }.prefix(5)))
    }

    /// The header's cells, each with a name of its own.
    package static func headers(of row: TableRow) -> [String] {
        var seen: [String: Int] = [:]
        return row.cells.enumerated().map { index, cell in
            let name = String(CellText.clean(cell).prefix(80))
            guard !name.isEmpty else { return "" }
            let count = seen[name, default: 0] + 1
            seen[name] = count
            return count == 1 ? name : "\(name) (\(count))"
        }
    }
}

extension ExchangeFormat {
    /// The columns that the format knows among these headers.
    package func mapping(_ headers: [String], _ keys: [String]? = nil) -> ColumnMapping {
        let keys = keys ?? headers.map(CellText.header)
        var columns: [ExchangeField: String] = [:]
        var taken: Set<Int> = []
        for field in fields {
            for alias in aliases[field] ?? [] {
                guard let index = keys.firstIndex(of: alias), !taken.contains(index) else {
                    continue
                }
                columns[field] = headers[index]
                taken.insert(index)
                break
            }
        }
        return ColumnMapping(format: name, columns: columns)
    }
}
