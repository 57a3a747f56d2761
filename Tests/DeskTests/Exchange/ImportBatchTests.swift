import Desk
import Testing

struct ImportBatchTests {
    private static func batch(
        _ state: ImportBatch.State, rows: Int = 5, faults: Int = 0, started: Bool = false
    ) -> ImportBatch {
        var tally = ImportTally()
        tally.rows = rows
        tally.faults = faults
        let at = Instant(milliseconds: 1)
        return ImportBatch(
            id: ImportBatchID(1), name: "a.csv", size: 1, form: "csv", encoding: "UTF-8",
            headerRow: 1, headers: ["a"], mapping: ColumnMapping(format: .orders, columns: [:]),
            state: state, takenAt: at, createdAt: at, by: .system, tally: tally,
            startedAt: started ? at : nil)
    }

    /// What may be asked in each state, after the import has begun; everything else is refused.
    @Test(arguments: [
        (ImportBatch.State.received, [ImportBatch.Deed.map, .check, .remove]),
        (.checking, [.cancel]), (.checked, [.map, .check, .start, .remove]),
        (.importing, [.cancel]), (.imported, [.undo]), (.cancelled, [.start, .undo]),
        (.undoing, []), (.undone, [.remove]), (.failed, [.start, .undo]),
    ])
    func `each state and what may be asked in it`(
        state: ImportBatch.State, deeds: [ImportBatch.Deed]
    ) throws {
        let batch = Self.batch(
            state, started: ![.received, .checking, .checked].contains(state))
        #expect(Set(batch.open) == Set(deeds))
        for deed in ImportBatch.Deed.allCases {
            if deeds.contains(deed) {
                _ = try batch.decide(deed)
            } else {
                #expect(throws: Refusal.self) { try batch.decide(deed) }
            }
        }
    }

    @Test func `a file of which no row can be taken is not begun, and says what to do`() {
        #expect {
            _ = try Self.batch(.checked, rows: 3, faults: 3).decide(.start)
        } throws: {
            ($0 as? Refusal)?.code == "exchange.nothingToImport"
                && ($0 as? Refusal)?.instead != nil
        }
    }

    @Test func `a dry run that failed is removed, not undone`() throws {
        let batch = Self.batch(.failed, started: false)
        #expect(batch.open.contains(.remove))
        #expect(!batch.open.contains(.undo))
    }
}
