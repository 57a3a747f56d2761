import Desk
import Keeping
import SQL
import Storage
import TestSupport
import Testing

@Suite struct DigestTests {
    @Test(
        arguments: [
            (.null, [0]), (.int(1), [1, 0, 0, 0, 0, 0, 0, 0, 1]),
            (.int(-1), [1, 255, 255, 255, 255, 255, 255, 255, 255]),
            (.int(.min), [1, 128, 0, 0, 0, 0, 0, 0, 0]),
            (.double(1), [2, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
            (.double(0), [2, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.double(-0.0), [2, 0, 0, 0, 0, 0, 0, 0, 0]), (.text(""), [3, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.text("亲"), [3, 0, 0, 0, 0, 0, 0, 0, 3, 0xe4, 0xba, 0xb2]),
            (.blob([]), [4, 0, 0, 0, 0, 0, 0, 0, 0]),
            (.blob([7, 0]), [4, 0, 0, 0, 0, 0, 0, 0, 2, 7, 0]),
        ] as [(SQLValue, [UInt8])])
    func `each value has one form in bytes`(value: SQLValue, bytes: [UInt8]) {
        var found: [UInt8] = []
        CanonicalRow.append(value, to: &found)
        #expect(found == bytes)
    }

    private static func sum(_ rows: [[SQLValue]], _ heading: [String] = ["t", "a"]) -> String {
        var sum = RowSum(heading: heading)
        for row in rows { sum.add(row) }
        return sum.text
    }

    @Test func `the order of rows does not matter, everything else does`() {
        let rows: [[SQLValue]] = [
            [.int(1), .text("a")], [.int(2), .null], [.int(3), .blob([0])],
        ]
        let digest = Self.sum(rows)
        #expect(digest.count == 32)
        #expect(Self.sum(rows.reversed()) == digest)
        #expect(Self.sum(rows + [rows[0]]) != digest)
        #expect(Self.sum(Array(rows.dropLast())) != digest)
        #expect(
            Self.sum([rows[0], rows[0], rows[1], rows[1]]) != Self.sum([]), "no pair cancels itself"
        )
        #expect(Self.sum(rows, ["t", "b"]) != digest)
        #expect(Self.sum([[.int(1), .text("b")], rows[1], rows[2]]) != digest)
    }

    @Test(arguments: [
        ([SQLValue.text("ab"), .text("c")], [SQLValue.text("a"), .text("bc")]),
        ([.text("1")], [.int(1)]), ([.null], [.text("")]), ([.text("")], [.blob([])]),
        ([.int(0)], [.double(0)]), ([.null, .null], [.null]),
    ])
    func `rows that look alike are told apart`(one: [SQLValue], other: [SQLValue]) {
        #expect(Self.sum([one]) != Self.sum([other]))
    }

    @Test(arguments: Engine.allCases)
    func `every table of the schema is found, with its key and before those that refer to it`(
        _ engine: Engine
    ) async throws {
        let store = try await engine.store()
        let catalogue = try await store.database.read { try Catalogue(of: $0) }
        // As the schema's own text says it.
        let names = allMigrations.flatMap { $0.statements(store.database.dialect) }
            .compactMap { text -> String? in
                guard let found = text.firstMatch(of: /CREATE TABLE (\w+)/) else { return nil }
                return String(found.output.1)
            }
        #expect(names.count > 20)
        #expect(Set(catalogue.tables.map(\.name)).isSuperset(of: names))
        for table in catalogue.kept {
            #expect(!table.key.isEmpty, "\(table.name)")
            #expect(!table.columns.isEmpty, "\(table.name)")
        }
        let order = try #require(catalogue.inOrderOfReference?.map(\.name))
        for table in catalogue.tables {
            for other in table.refersTo {
                #expect(
                    try #require(order.firstIndex(of: other)) <= #require(
                        order.firstIndex(of: table.name)))
            }
        }
        #expect(catalogue.table("message")?.columns.first { $0.name == "text" }?.kind == .text)
        #expect(catalogue.table("session")?.columns.first { $0.name == "hash" }?.kind == .bytes)
        #expect(catalogue.table("event")?.key == ["shop", "number"])
    }

    @Test(arguments: Engine.allCases)
    func `one changed value is seen, in its table and nowhere else`(_ engine: Engine) async throws {
        let store = try await Sample.store(engine, seed: 1)
        let before = try await store.database.read { try Digests(of: $0) }
        #expect(before.tables.first { $0.table == "message" }?.rows ?? 0 > 20)
        #expect(try await store.database.read { try Digests(of: $0) } == before)
        try await store.database.write {
            try $0.run(
                "UPDATE message SET text = text || '。' WHERE id = (SELECT max(id) FROM message)")
        }
        let after = try await store.database.read { try Digests(of: $0) }
        #expect(after.differing(from: before) == ["message"])
    }

    @Test(arguments: Engine.allCases)
    func `the search index may be built anew without changing a digest`(_ engine: Engine)
        async throws
    {
        let store = try await Sample.store(engine, seed: 2)
        let before = try await store.database.read { try Digests(of: $0) }
        try await SearchFollower().startOver(store.shop, in: store.database)
        while try await SearchFollower().catchUp(store.shop, in: store.database) == 500 {}
        #expect(try await store.database.read { try Digests(of: $0) } == before)
    }

    @Test func `pages of any size give the same digest`() async throws {
        let store = try await Sample.store(.sqlite, seed: 3)
        let table = try #require(
            try await store.database.read { try Catalogue(of: $0).table("event") })
        let all = try await store.database.read {
            try $0.rows(table.page(after: nil, limit: 100_000))
        }
        for limit in [1, 2, 7, 64] {
            let paged = try await store.database.read { transaction in
                var rows: [[SQLValue]] = []
                var after: [SQLValue]?
                while true {
                    let page = try transaction.rows(table.page(after: after, limit: limit))
                    rows += page.map(\.values)
                    guard let last = page.last else { return rows }
                    after = table.key(of: last)
                }
            }
            #expect(paged == all.map(\.values))
        }
    }
}
