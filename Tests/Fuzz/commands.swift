// Any text, as a client's frame: a command or a refusal in words. What the short way of reading a saying takes, the general
// one takes too, and understands the same.
import Desk
import Foundation
import NIOCore

extension Refusal {
    static func malformed(_ error: DecodingError) -> Refusal {
        Refusal(.invalid, "body.malformed", zh: "看不懂", en: "malformed")
    }
}

private struct Said: Decodable {
    let type: String
    let key: String?
    let text: String?
    let kind: String?
    let conversation: ConversationID?
    let replyTo: Int?
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: size)
    if let usual = UsualSay(UnsafeRawBufferPointer(bytes)) {
        guard let said = try? JSONDecoder().decode(Said.self, from: Data(bytes)) else {
            preconditionFailure("the short way takes what is no JSON")
        }
        precondition(said.type == "say" && said.kind ?? "text" == "text")
        precondition(said.text == usual.text && said.key == usual.key)
        precondition(said.conversation == usual.conversation && said.replyTo == usual.replyTo)
    }
    _ = try? ClientFrame(ByteBuffer(bytes: bytes))
    return 0
}
