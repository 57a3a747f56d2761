import NIOCore
import Testing

@testable import Bench

/// The generator's judgement: whatever a server gets wrong has to show.
struct LoadStateTests {
    private static let now = NIODeadline.now()

    private static func state(messages: Int) -> LoadState {
        let state = LoadState(run: 7, buyers: 2, agents: 2)
        state.say(0, due: now, now: now)
        state.agent(0, got: event(-1))
        state.agent(1, got: event(-1))
        state.buyer(0, got: ack(-1, as: 1))
        state.beginStep()
        for _ in 0..<messages { state.say(0, due: now, now: now) }
        return state
    }

    /// The first message opens the conversation and goes to all; 0 is the one after it.
    private static func key(_ number: Int) -> MessageKey {
        MessageKey(run: 7, buyer: 0, number: number + 1)
    }

    private static func ack(_ number: Int, as place: Int) -> ByteBuffer {
        ByteBuffer(
            string: #"{"type":"ack","key":"\#(key(number).text)","event":9,"conversation":"5","#
                + #""id":"3","number":\#(place),"follows":0,"at":1}"#)
    }

    private static func event(_ number: Int, text: String? = nil) -> ByteBuffer {
        ByteBuffer(
            string: #"{"type":"event","event":9,"kind":"message.sent","conversation":"5","body":"#
                + #"{"number":1,"key":"\#(key(number).text)","text":"\#(text ?? Words.text(key(number)))"}}"#
        )
    }

    @Test func `right answers are no fault and settle everything`() {
        let state = Self.state(messages: 3)
        #expect(!state.settled)
        for number in 0..<3 {
            state.agent(1, got: Self.event(number))
            state.buyer(0, got: Self.ack(number, as: number + 4))
        }
        #expect(state.settled)
        #expect(state.invalid == 0)
        #expect((state.acked, state.delivered) == (3, 3))
        #expect(state.buyers[0].numbers == [1, 4, 5, 6])
        #expect(state.buyers[0].conversation == "5")
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answers: @Sendable (LoadState) -> Void
    }

    static let wrongs = [
        Wrong(testDescription: "an ack twice") {
            $0.buyer(0, got: ack(0, as: 2))
            $0.buyer(0, got: ack(0, as: 2))
        },
        Wrong(testDescription: "acks out of order") { $0.buyer(0, got: ack(1, as: 2)) },
        Wrong(testDescription: "an ack for somebody else") { $0.buyer(1, got: ack(0, as: 1)) },
        Wrong(testDescription: "the same number twice") {
            $0.buyer(0, got: ack(0, as: 2))
            $0.buyer(0, got: ack(1, as: 2))
        },
        Wrong(testDescription: "an ack without a number") {
            $0.buyer(0, got: ByteBuffer(string: #"{"type":"ack","key":"\#(key(0).text)"}"#))
        },
        Wrong(testDescription: "a delivery twice") {
            $0.agent(0, got: event(0))
            $0.agent(0, got: event(0))
        },
        Wrong(testDescription: "deliveries out of order") { $0.agent(0, got: event(1)) },
        Wrong(testDescription: "another text") { $0.agent(0, got: event(0, text: "别的话")) },
        Wrong(testDescription: "two agents for one buyer") {
            $0.agent(0, got: event(0))
            $0.agent(1, got: event(1))
        },
        Wrong(testDescription: "a refusal that is no busy") {
            $0.buyer(
                0,
                got: ByteBuffer(
                    string:
                        #"{"type":"refusal","key":"\#(key(0).text)","error":{"code":"x","retry":false}}"#
                ))
        },
    ]

    @Test(arguments: wrongs)
    func `a wrong answer is a fault`(_ wrong: Wrong) {
        let state = Self.state(messages: 3)
        wrong.answers(state)
        #expect(state.invalid == 1)
        #expect(state.faults.count == 1)
    }

    @Test func `a full mailbox is counted, and its message no longer awaited`() {
        let state = Self.state(messages: 2)
        state.buyer(
            0,
            got: ByteBuffer(
                string: #"{"type":"refusal","key":"\#(Self.key(0).text)","error":{"retry":true}}"#))
        state.buyer(0, got: Self.ack(1, as: 2))
        state.agent(0, got: Self.event(1))
        #expect(state.settled)
        #expect((state.refused, state.invalid) == (1, 0))
    }
}

struct HistogramTests {
    @Test(arguments: [1, 63, 64, 127, 128, 1000, 12_345, 999_999, 123_456_789])
    func `a quantile is at most 1.6 percent above the value`(value: Int) {
        var histogram = Histogram()
        histogram.record(microseconds: value)
        histogram.record(microseconds: 2_000_000_000)
        let found = histogram.quantile(0.5)
        #expect(found >= value)
        #expect(Double(found) <= Double(value) * 1.016)
    }

    @Test func `quantiles of a thousand`() {
        var histogram = Histogram()
        for value in 1...1000 { histogram.record(microseconds: value * 1000) }
        #expect(abs(histogram.report.p50 - 500) < 8)
        #expect(abs(histogram.report.p99 - 990) < 16)
        #expect(histogram.report.max == 1000)
        #expect(Histogram().quantile(0.99) == 0)
    }
}
