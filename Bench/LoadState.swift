import DequeModule
import Foundation
import NIOCore
import Sockets

/// Everything the generator knows, on its one event loop: what was sent, what must come, what came.
final class LoadState {
    struct Waiting {
        var number: Int
        var due: NIODeadline
    }

    struct Buyer {
        var handle: SocketHandle?
        var live = false
        var conversation: String?
        /// The agent who got the first message; all others must go there.
        var agent: Int?
        var next = 0
        var unacknowledged: Deque<Waiting> = []
        var undelivered: Deque<Waiting> = []
        /// Per message of this buyer, the number it was acknowledged with; 0 when it was not.
        var numbers: [Int32] = []
        var lastNumber = 0
    }

    struct Agent {
        var handle: SocketHandle?
        var live = false
    }

    let run: UInt32
    var buyers: [Buyer]
    var agents: [Agent]
    var acks = Histogram()
    var deliveries = Histogram()
    /// How late the generator itself sent.
    var lateness = Histogram()
    var sent = 0
    var acked = 0
    var delivered = 0
    var refused = 0
    var invalid = 0
    var faults: [String] = []
    /// The agents' presence commands were acknowledged.
    var present = 0

    init(run: UInt32, buyers: Int, agents: Int) {
        self.run = run
        self.buyers = .init(repeating: Buyer(), count: buyers)
        self.agents = .init(repeating: Agent(), count: agents)
    }

    func fault(_ text: @autoclosure () -> String) {
        invalid += 1
        if faults.count < 10 { faults.append(text()) }
    }

    /// Forgets figures, not what is owed.
    func beginStep() {
        acks = Histogram()
        deliveries = Histogram()
        lateness = Histogram()
        (sent, acked, delivered, refused) = (0, 0, 0, 0)
    }

    /// Everything sent was acknowledged or refused, and delivered.
    var settled: Bool {
        buyers.allSatisfy { $0.unacknowledged.isEmpty && $0.undelivered.isEmpty }
    }

    var allLive: Bool {
        buyers.allSatisfy(\.live) && agents.allSatisfy(\.live)
    }

    // MARK: Sending

    func say(_ buyer: Int, due: NIODeadline, now: NIODeadline) {
        let key = MessageKey(run: run, buyer: buyer, number: buyers[buyer].next)
        buyers[buyer].next += 1
        buyers[buyer].numbers.append(0)
        let waiting = Waiting(number: key.number, due: due)
        buyers[buyer].unacknowledged.append(waiting)
        buyers[buyer].undelivered.append(waiting)
        sent += 1
        lateness.record(microseconds: Int((now - due).nanoseconds / 1000))
        buyers[buyer].handle?.send(
            masked:
                #"{"type":"say","key":"\#(key.text)","kind":"text","text":"\#(Words.text(key))"}"#)
    }

    // MARK: Receiving

    func buyer(_ index: Int, got text: ByteBuffer) {
        Wire.read(text) { wire in
            if wire.has(#""type":"ack""#) {
                acknowledged(index, wire)
            } else if wire.has(#""type":"refusal""#) {
                refusal(index, wire, text)
            } else if wire.has(#""type":"live""#) {
                buyers[index].live = true
            }
        }
    }

    private func acknowledged(_ index: Int, _ wire: Wire) {
        guard let key = wire.string(#""key":"#).flatMap({ MessageKey($0) }), key.run == run else {
            return
        }
        guard let first = buyers[index].unacknowledged.popFirst() else {
            fault("an ack nobody waits for: \(key.text)")
            return
        }
        let expected = MessageKey(run: run, buyer: index, number: first.number)
        guard key == expected else {
            fault("ack of \(key.text) instead of \(expected.text)")
            return
        }
        guard let number = wire.number(#""number":"#), number > buyers[index].lastNumber else {
            fault("ack of \(key.text) without a number above \(buyers[index].lastNumber)")
            return
        }
        buyers[index].lastNumber = number
        buyers[index].numbers[key.number] = Int32(clamping: number)
        if buyers[index].conversation == nil {
            buyers[index].conversation = wire.string(#""conversation":"#).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        acked += 1
        acks.record(microseconds: Int((.now() - first.due).nanoseconds / 1000))
    }

    private func refusal(_ index: Int, _ wire: Wire, _ text: ByteBuffer) {
        guard let key = wire.string(#""key":"#).flatMap({ MessageKey($0) }), key.run == run,
            key.buyer == index
        else { return }
        buyers[index].unacknowledged.removeAll { $0.number == key.number }
        buyers[index].undelivered.removeAll { $0.number == key.number }
        refused += 1
        // Only a full mailbox may refuse, and it says so.
        if !wire.has(#""retry":true"#) { fault("refused: \(String(buffer: text))") }
    }

    func agent(_ index: Int, got text: ByteBuffer) {
        Wire.read(text) { wire in
            if wire.has(#""kind":"message.sent""#) {
                deliver(index, wire)
            } else if wire.has(#""type":"live""#) {
                agents[index].live = true
            } else if wire.has(#""type":"ack""#) {
                present += 1
            } else if wire.has(#""type":"refusal""#) {
                fault("an agent was refused: \(String(buffer: text))")
            }
        }
    }

    private func deliver(_ index: Int, _ wire: Wire) {
        guard let key = wire.string(#""key":"#).flatMap({ MessageKey($0) }), key.run == run else {
            return
        }
        guard buyers.indices.contains(key.buyer) else {
            fault("a message of nobody: \(key.text)")
            return
        }
        // A conversation's first message is shown to everybody who may answer, before it has an owner.
        if key.number == 0 {
            buyers[key.buyer].undelivered.removeAll { $0.number == 0 }
            return
        }
        guard let first = buyers[key.buyer].undelivered.popFirst(), first.number == key.number
        else {
            fault("agent \(index) got \(key.text) twice or out of order")
            return
        }
        if let agent = buyers[key.buyer].agent, agent != index {
            fault("\(key.text) went to agent \(index) instead of \(agent)")
        }
        buyers[key.buyer].agent = index
        guard let said = wire.string(#""text":"#), said.elementsEqual(Words.text(key).utf8) else {
            fault("\(key.text) arrived with another text")
            return
        }
        delivered += 1
        deliveries.record(microseconds: Int((.now() - first.due).nanoseconds / 1000))
    }
}
