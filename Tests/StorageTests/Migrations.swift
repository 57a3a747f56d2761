import SQL
import Storage
import TestSupport
import Testing

@Suite struct Migrations {
    @Test(arguments: Engine.allCases)
    func `a fresh store has every step and a second run applies nothing`(_ engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let again = try await Migrator.qinke.migrate(store.database, at: 1)
        #expect(again.isEmpty)
        let numbers = try await store.database.read { transaction in
            try transaction.rows("SELECT number FROM migration ORDER BY number")
                .map { try $0.get(0, as: Int.self) }
        }
        #expect(numbers == allMigrations.map(\.number).sorted())
    }
}
