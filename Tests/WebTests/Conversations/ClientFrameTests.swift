import Desk
import NIOCore
import TestSupport
import Testing
import Web

@Suite struct ClientFrameTests {
    private func refusal(of text: String) -> (code: String, key: String?)? {
        do {
            _ = try ClientFrame(ByteBuffer(string: text))
            return nil
        } catch {
            return (error.refusal.code, error.key)
        }
    }

    @Test(arguments: [
        ("", "body.malformed"),
        ("not json", "body.malformed"),
        ("[]", "body.malformed"),
        ("{}", "body.malformed"),
        (#"{"type":7}"#, "body.malformed"),
        (#"{"type":"say","key":"k","conversation":12}"#, "body.malformed"),
        (#"{"type":"say","key":"k","conversation":"-4"}"#, "body.malformed"),
        (#"{"type":"nothing","key":"k"}"#, "frame.unknownType"),
        (#"{"type":"say","text":"x"}"#, "frame.fieldMissing"),
        (#"{"type":"edit","key":"k","conversation":"1","text":"x"}"#, "frame.fieldMissing"),
        (#"{"type":"say","key":"k","kind":"system","text":"x"}"#, "message.kindForbidden"),
        (#"{"type":"transfer","key":"k","conversation":"1","toAgent":"2"}"#, "frame.fieldMissing"),
        (
            #"{"type":"say","key":"k","kind":"card","card":{"kind":"link","title":"x","url":"javascript:alert(1)"}}"#,
            "card.malformed"
        ),
        (
            #"{"type":"pin","key":"k","conversation":"1","text":"x","scope":"everybody"}"#,
            "frame.fieldMissing"
        ),
        (#"{"type":"presence","key":"k","state":"asleep"}"#, "body.malformed"),
    ])
    func `a malformed frame has a named answer`(text: String, code: String) {
        #expect(refusal(of: text)?.code == code)
    }

    @Test func `the answer finds its command when the key could be read`() {
        #expect(refusal(of: #"{"type":"say","key":"k9","conversation":12}"#)?.key == "k9")
        #expect(refusal(of: #"{"type":"nothing","key":"k8"}"#)?.key == "k8")
    }

    /// What a frame is read as, in words, so that two ways of reading can be compared.
    private func reading(_ text: String, general: Bool) -> String {
        let bytes = ByteBuffer(string: text)
        do {
            return "\(general ? try ClientFrame(decoding: bytes) : try ClientFrame(bytes))"
        } catch {
            return "\(error.refusal.code) \(error.key ?? "-")"
        }
    }

    @Test func `the short way of reading a saying reads what the general one reads`() {
        var random = SeededRandom(20_261_122)
        let names = ["type", "key", "kind", "text", "conversation", "replyTo", "whisper", "upload"]
        let values = [
            #""say""#, #""text""#, #""note""#, #""k1""#, #""""#, #""在吗 👋""#, #""a\"b""#,
            #""\u4f60""#, "\"a\tb\"",
            #""7""#, #""-7""#, #""007""#, #""99999999999999999999""#, "7", "0", "007", "-1", "1.5",
            "1e3", "9999999999",
            "true", "null", "{}", "[]", "\"",
        ]
        let spaces = ["", "", " ", "\n\t", "\u{0b}"]
        for _ in 0..<20_000 {
            let fields = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                let name = names[Int.random(in: 0..<names.count, using: &random)]
                let usual = ["type": #""say""#, "kind": #""text""#, "key": #""k1""#][name]
                let other = values[Int.random(in: 0..<values.count, using: &random)]
                let space = spaces[Int.random(in: 0..<spaces.count, using: &random)]
                return "\(space)\"\(name)\":"
                    + (Bool.random(using: &random) ? usual ?? other : other)
            }
            let end = ["}", "}", "} ", "}x", ""][Int.random(in: 0..<5, using: &random)]
            let text = "{" + fields.joined(separator: ",") + end
            #expect(reading(text, general: false) == reading(text, general: true), "\(text)")
        }
    }

    @Test func `a saying arrives as it was meant`() throws {
        let frame = try ClientFrame(
            ByteBuffer(
                string:
                    #"{"type":"say","key":"k1","conversation":"7","kind":"text","text":"在吗","replyTo":3}"#
            ))
        guard case .command(.say(let saying, upload: nil), "k1", ConversationID(7)) = frame else {
            Issue.record("another frame")
            return
        }
        #expect(saying == Saying(key: "k1", text: "在吗", replyTo: 3))
    }

    @Test func `a handover card and a product card are told apart`() throws {
        let transfer = try ClientFrame(
            ByteBuffer(
                string:
                    #"{"type":"transfer","key":"k","conversation":"7","toAgent":"3","card":{"promise":"","nextStep":"回电","mood":"calm"}}"#
            ))
        guard case .command(.transfer(let agent, nil, let card), _, _) = transfer else {
            Issue.record("another frame")
            return
        }
        #expect(agent == StaffID(3))
        #expect(card == HandoverCard(promise: "", nextStep: "回电", deadline: nil, mood: .calm))
    }
}
