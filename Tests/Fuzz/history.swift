// Any line, as an importer reads it: a past conversation or a fault in words, never a crash.
import Foundation

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    do throws(PastConversation.Fault) {
        let past = try PastConversation.read(text, number: 1)
        precondition(!past.id.isEmpty && !past.messages.isEmpty && past.openedAt <= past.closedAt)
    } catch {
        precondition(!error.message.zh.isEmpty && !error.message.en.isEmpty)
    }
    return 0
}
