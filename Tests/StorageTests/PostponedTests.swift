import SQL
import Synchronization
import TestSupport
import Testing

/// Writes that wait are seen by whoever asks, are undone with their unit, and end as if they had not waited.
@Suite struct PostponedTests {
    private static let add = FixedText(addingTo: "thing", "id, name")
    private static let set = FixedText("UPDATE thing SET value = ? WHERE id = ?", effect: .sets)

    private enum Step {
        case add(Int64, name: String)
        case set(Int64, Int64)
        /// Asks for everything and compares.
        case look
        /// Steps that are undone together when one of them fails or the last says so.
        case part([Step], fails: Bool)
    }

    private struct Unit {
        var steps: [Step] = []
        var fails = false
    }

    private struct Thing: Equatable {
        var name: String
        var value: Int64
    }

    private struct Refused: Error {}
    private struct Wrong: Error {}

    /// The table as it should be.
    private struct Model {
        var things: [Int64: Thing] = [:]

        /// - Returns: false when a rule is broken.
        mutating func carryOut(_ step: Step) -> Bool {
            switch step {
            case .add(let id, let name):
                guard things[id] == nil, !things.values.contains(where: { $0.name == name }) else {
                    return false
                }
                things[id] = Thing(name: name, value: 0)
            case .set(let id, let value): things[id]?.value = value
            case .look: break
            case .part(let steps, let fails):
                let before = things
                if !steps.allSatisfy({ carryOut($0) }) || fails { things = before }
            }
            return true
        }

        mutating func carryOut(_ unit: Unit) -> Bool {
            let before = things
            if unit.steps.allSatisfy({ carryOut($0) }), !unit.fails { return true }
            things = before
            return false
        }
    }

    private static func things(_ transaction: Transaction) throws -> [Int64: Thing] {
        Dictionary(
            uniqueKeysWithValues: try transaction.rows("SELECT id, name, value FROM thing").map {
                (try $0.get(0), Thing(name: try $0.get(1), value: try $0.get(2)))
            })
    }

    private static func carryOut(
        _ step: Step, _ model: inout Model, in transaction: Transaction
    ) throws {
        defer { _ = model.carryOut(step) }
        switch step {
        case .add(let id, let name):
            try transaction.run(Statement(add, [id.sqlValue, name.sqlValue]))
        case .set(let id, let value):
            try transaction.run(Statement(set, [value.sqlValue, id.sqlValue]))
        case .look:
            guard try things(transaction) == model.things else { throw Wrong() }
        case .part(let steps, let fails):
            var inner = model
            do {
                try transaction.savepoint {
                    for step in steps { try carryOut(step, &inner, in: transaction) }
                    if fails { throw Refused() }
                }
            } catch is Refused {
            } catch SQLError.unique {
            }
        }
    }

    private static func step(_ random: inout some RandomNumberGenerator, parts: Bool = true) -> Step
    {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3:
            .add(
                .random(in: 13...60, using: &random),
                name: "name \(Int.random(in: 1...60, using: &random))")
        case 4...8:
            .set(.random(in: 1...12, using: &random), .random(in: 1...1000, using: &random))
        case 9 where parts:
            .part(
                (0..<3).map { _ in step(&random, parts: false) }, fails: Bool.random(using: &random)
            )
        default: .look
        }
    }

    @Test(arguments: Engine.allCases, 1...6)
    func `whatever waits, is asked for and fails, the end is that of one after another`(
        engine: Engine, seed: Int
    ) async throws {
        let store = try await engine.store()
        try await store.database.write { transaction in
            let dialect = transaction.dialect
            try transaction.script(
                """
                CREATE TABLE thing (id \(dialect.number) PRIMARY KEY, name TEXT NOT NULL UNIQUE,
                    value \(dialect.number) NOT NULL DEFAULT 0)
                """)
            for id in 1...12 as ClosedRange<Int64> {
                try transaction.run("INSERT INTO thing (id, name) VALUES (\(id), \("first \(id)"))")
            }
        }
        var random = SeededRandom(UInt64(seed))
        // What is set must be there: a row that is only being added is not.
        var model = Model()
        for id in 1...12 as ClosedRange<Int64> {
            model.things[id] = Thing(name: "first \(id)", value: 0)
        }
        for _ in 0..<12 {
            let units = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                Unit(
                    steps: (0..<Int.random(in: 1...4, using: &random)).map { _ in
                        Self.step(&random)
                    }, fails: Int.random(in: 0..<40, using: &random) == 0)
            }
            var expected: [Bool] = []
            var before: [Model] = []
            for unit in units {
                before.append(model)
                expected.append(model.carryOut(unit))
            }
            let told = Mutex<[Int: Result<Void, any Error>]>([:])
            await withCheckedContinuation { continuation in
                for (number, unit) in units.enumerated() {
                    let start = before[number]
                    do {
                        try store.database.submit { transaction in
                            var model = start
                            for step in unit.steps {
                                try Self.carryOut(step, &model, in: transaction)
                            }
                            if unit.fails { throw Refused() }
                        } done: { result in
                            let all = told.withLock { told in
                                told[number] = result
                                return told.count == units.count
                            }
                            if all { continuation.resume() }
                        }
                    } catch { Issue.record(error) }
                }
            }
            for (number, result) in told.withLock({ $0 }) {
                switch result {
                case .success: #expect(expected[number], "seed \(seed), unit \(number)")
                case .failure(let error):
                    #expect(!expected[number], "seed \(seed), unit \(number): \(error)")
                    #expect(!(error is Wrong), "seed \(seed), unit \(number) saw something else")
                }
            }
            let kept = try await store.database.read { try Self.things($0) }
            #expect(kept == model.things, "seed \(seed)")
        }
    }
}
