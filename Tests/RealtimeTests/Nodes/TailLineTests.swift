import Desk
import Realtime
import Storage
import Synchronization
import TestSupport
import Testing

private let shop = ShopID(1)

private func event(_ number: Int64) -> Event {
    Event(
        shop: shop, number: number, at: Instant(milliseconds: number), actor: .system,
        kind: "test.happened", subject: nil, body: "{}")
}

/// What a node did, in order.
private final class Diary: Sendable {
    enum Entry: Hashable {
        case announced(Int64)
        case told(Int64)
    }
    private let list = Mutex<[Entry]>([])
    var entries: [Entry] { list.withLock { $0 } }
    var announced: [Int64] {
        entries.compactMap { if case .announced(let number) = $0 { number } else { nil } }
    }
    func add(_ entry: Entry) { list.withLock { $0.append(entry) } }
}

/// A node whose store tells it of its commits late, and whose readings see the log of any moment since they began.
private struct Node {
    var line = TailLine(last: 0)
    let diary = Diary()
    /// Acts that are committed and not yet told to the node.
    var untold: [[Int64]] = []
    var reading: Int64?

    mutating func tell() {
        guard !untold.isEmpty else { return }
        let numbers = untold.removeFirst()
        let (diary, final) = (diary, numbers.last ?? 0)
        let now = line.committed(numbers.map(event)) { diary.add(.told(final)) }
        now?()
        work()
    }

    mutating func work() {
        if line.takeTurn() { go() }
    }

    mutating func go() {
        while true {
            switch line.next() {
            case .announce(let events, let told):
                for event in events { diary.add(.announced(event.number)) }
                told?()
            case .read(let after):
                reading = after
                return
            case .rest: return
            }
        }
    }

    mutating func finishReading(_ log: [(number: Int64, node: Int)], own: Int, limit: Int) {
        guard let after = reading else { return }
        reading = nil
        let found = log.filter { $0.number > after }.prefix(limit)
        line.read(found.map { (event($0.number), $0.node == own) })
        go()
    }
}

@Suite struct TailLineTests {
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `every node announces every number once and in order, and answers in its place`(
        seed: UInt64
    ) {
        var random = SeededRandom(seed)
        let patient = seed.isMultiple(of: 3)
        var nodes = (0..<Int.random(in: 2...4, using: &random)).map { _ in Node() }
        var log: [(number: Int64, node: Int)] = []
        for _ in 0..<200 {
            let who = Int.random(in: 0..<nodes.count, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let first = Int64(log.count) + 1
                let numbers = Array(first...(first + Int64.random(in: 0...2, using: &random)))
                log += numbers.map { ($0, who) }
                nodes[who].untold.append(numbers)
            case 4, 5: nodes[who].tell()
            case 6:
                nodes[who].line.heard(Int64.random(in: 0...Int64(log.count), using: &random))
                nodes[who].work()
            case 7, 8:
                let limit = Int.random(in: 1...9, using: &random)
                nodes[who].finishReading(log, own: who, limit: limit)
            default:
                if !patient {
                    nodes[who].line.tick()
                    nodes[who].work()
                }
            }
        }
        for who in nodes.indices {
            while !nodes[who].untold.isEmpty { nodes[who].tell() }
            nodes[who].line.heard(Int64(log.count))
            nodes[who].work()
            while nodes[who].reading != nil {
                nodes[who].finishReading(log, own: who, limit: 50)
            }
            #expect(nodes[who].diary.announced == Array(1...Int64(log.count)), "seed \(seed)")
            check(nodes[who].diary.entries, log, who, patient, seed)
        }
    }

    /// Each own act is answered once, after its last event; while nobody loses patience, before any later one.
    private func check(
        _ entries: [Diary.Entry], _ log: [(number: Int64, node: Int)], _ who: Int, _ patient: Bool,
        _ seed: UInt64
    ) {
        var announced: Int64 = 0
        var told: [Int64] = []
        for entry in entries {
            switch entry {
            case .announced(let number): announced = number
            case .told(let number):
                told.append(number)
                #expect(number <= announced, "seed \(seed)")
                if patient { #expect(number == announced, "seed \(seed)") }
            }
        }
        #expect(Set(told).count == told.count, "seed \(seed)")
        #expect(told.allSatisfy { number in log[Int(number) - 1].node == who }, "seed \(seed)")
        if let lastOwn = log.last(where: { $0.node == who }) {
            #expect(told.max() == lastOwn.number, "seed \(seed)")
        }
    }

    @Test func `a node alone needs no reading`() {
        var node = Node()
        for number in 1...100 {
            node.untold.append([Int64(number)])
            node.tell()
            #expect(node.reading == nil)
        }
        #expect(node.diary.announced == Array(1...100))
    }

    @Test func `an own event whose commit is never told is announced after two ticks`() {
        var node = Node()
        node.line.heard(2)
        node.work()
        node.finishReading([(1, 0), (2, 1)], own: 0, limit: 10)
        #expect(node.diary.announced.isEmpty)
        node.line.tick()
        node.work()
        #expect(node.diary.announced.isEmpty)
        node.line.tick()
        node.work()
        #expect(node.diary.announced == [1, 2])
    }

    @Test func `a reading with a gap is not believed`() {
        var line = TailLine(last: 0)
        line.heard(3)
        let mine = line.takeTurn()
        #expect(mine)
        line.read([(event(1), false), (event(3), false)])
        guard case .announce(let events, _) = line.next() else {
            Issue.record("nothing announced")
            return
        }
        #expect(events.map(\.number) == [1])
        guard case .read(let after) = line.next() else {
            Issue.record("the rest is not read")
            return
        }
        #expect(after == 1)
    }

    @Test
    func `answers that add nothing wait for what is below them, and all of one number are told`() {
        var line = TailLine(last: 4)
        let diary = Diary()
        let atOnce = line.reach(4) { diary.add(.told(4)) }
        #expect(atOnce != nil)
        let repeated = line.reach(6) { diary.add(.told(6)) }
        #expect(repeated == nil)
        let own = line.committed([event(6)]) { diary.add(.told(6)) }
        #expect(own == nil)
        let turn = line.takeTurn()
        #expect(turn)
        guard case .read(let after) = line.next() else {
            Issue.record("the line must ask for what others committed")
            return
        }
        #expect(after == 4)
        line.read([(event(5), false)])
        guard case .announce(let events, let told) = line.next() else {
            Issue.record("5 and 6 can be announced now")
            return
        }
        #expect(events.map(\.number) == [5, 6])
        told?()
        #expect(diary.entries == [.told(6), .told(6)])
    }
}
