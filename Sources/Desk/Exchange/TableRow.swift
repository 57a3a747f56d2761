/// One row of a table that came from elsewhere.
package struct TableRow: Hashable, Sendable {
    /// Counted from 1, as spreadsheets show it; a row with line breaks in a cell is one row.
    package let number: Int
    package let cells: [String]
    /// Set when the row could not be read; its cells are then not to be used.
    package let fault: Fault?

    package enum Fault: String, Hashable, Sendable, Codable, CaseIterable {
        /// More bytes than a cell or a row may have: nearly always a quote that was never closed.
        case tooLong
        case tooManyCells

        package var message: Localized {
            switch self {
            case .tooLong:
                Localized(
                    zh: "这一行太长，多半是有一个引号没有配对",
                    en: "The row is too long; most likely a quotation mark was never closed")
            case .tooManyCells:
                Localized(zh: "这一行的列太多", en: "The row has too many cells")
            }
        }
    }

    package init(number: Int, cells: [String], fault: Fault? = nil) {
        self.number = number
        self.cells = cells
        self.fault = fault
    }

    /// Whether nothing stands in it.
    package var isBlank: Bool {
        fault == nil && cells.allSatisfy { $0.utf8.allSatisfy { $0 <= 0x20 } }
    }

    /// A cell, empty beyond the last.
    package subscript(_ index: Int) -> String {
        cells.indices.contains(index) ? cells[index] : ""
    }
}

/// What a reader of tables takes in at most, so that no file can fill the memory.
package struct TableLimits: Hashable, Sendable {
    package var cell = 64 << 10
    package var row = 1 << 20
    package var cells = 1_024
    /// Bytes of texts that the cells of a workbook share, which must be kept in memory.
    package var shared = 96 << 20

    package init() {}
}
