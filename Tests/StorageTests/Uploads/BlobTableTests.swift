import Desk
import Foundation
import SQL
import Storage
import TestSupport
import Testing

/// Uploads kept in the store.
@Suite struct BlobTableTests {
    private func table(_ store: TestStore) throws -> BlobTable {
        try BlobTable(store.database, incoming: store.folder.appending(path: "incoming"))
    }

    private func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededRandom(seed)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private func all(_ key: BlobKey, in table: BlobTable, piece: Int) throws -> [UInt8] {
        var found: [UInt8] = []
        while true {
            let next = try table.read(key, from: found.count, count: piece)
            if next.isEmpty { return found }
            found += next
        }
    }

    /// Off the cooperative pool, as the routes do.
    private func off<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }

    @Test(
        arguments: Engine.allCases,
        [1, BlobTable.part - 1, BlobTable.part, BlobTable.part + 1, 3 * BlobTable.part + 7])
    func `what was kept is read in any pieces, on any node`(engine: Engine, size: Int) async throws
    {
        let store = try await engine.store()
        let table = try self.table(store)
        let other = try self.table(store)
        let bytes = self.bytes(size)
        let key = try await off {
            let incoming = try table.receive()
            for start in stride(from: 0, to: size, by: 100_000) {
                try incoming.append(bytes[start..<min(start + 100_000, size)])
            }
            return try table.keep(incoming)
        }
        for piece in [BlobTable.part, 99_991, size] {
            #expect(try await off { try all(key, in: other, piece: piece) } == bytes)
        }
        #expect(try await off { try table.keep(bytes) } == key)
        let rows: Int? = try await store.database.read {
            try $0.first("SELECT count(*) FROM blob_part")?.get(0)
        }
        #expect(rows == (size + BlobTable.part - 1) / BlobTable.part)
        let left = try FileManager.default.contentsOfDirectory(
            atPath: store.folder.appending(path: "incoming").path)
        #expect(left.isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `what a crash left half is missing, and whole after the next upload of the same`(
        engine: Engine
    ) async throws {
        let store = try await engine.store()
        let table = try self.table(store)
        let bytes = self.bytes(2 * BlobTable.part + 5)
        let key = try await off { try table.keep(bytes) }
        try await store.database.write {
            try $0.run("DELETE FROM blob_part WHERE key = \(key.description) AND part = 1")
        }
        await #expect(throws: BlobMissing.self) {
            try await off { try all(key, in: table, piece: BlobTable.part) }
        }
        #expect(try await off { try table.keep(bytes) } == key)
        #expect(try await off { try all(key, in: table, piece: BlobTable.part) } == bytes)
    }

    @Test(arguments: Engine.allCases)
    func `only what was not kept anew is removed`(engine: Engine) async throws {
        let store = try await engine.store()
        let table = try self.table(store)
        let key = try await off { try table.keep([1, 2, 3]) }
        let past = Date(timeIntervalSinceNow: -3_600)
        let future = Date(timeIntervalSinceNow: 3_600)
        #expect(try await off { try table.leftovers(notKeptSince: past) } == [])
        #expect(try await off { try table.leftovers(notKeptSince: future) } == [key])
        #expect(try await off { try table.remove(key, notKeptSince: past) } == false)
        #expect(try await off { try table.read(key, from: 0, count: 9) } == [1, 2, 3])
        #expect(try await off { try table.remove(key, notKeptSince: future) })
        await #expect(throws: BlobMissing.self) {
            try await off { try table.read(key, from: 0, count: 9) }
        }
    }
}
