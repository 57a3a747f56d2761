// Any bytes, as somebody uploads them: their kind is found, an image is taken apart and put together without what does
// not belong, a name is cleaned. Nothing may crash, grow without bound, or come out as something else.
import Foundation

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let name = String(decoding: bytes.suffix(40), as: UTF8.self)
    let kind = FileKind(head: bytes, name: name)
    let clean = FileName.clean(name, kind: kind)
    precondition(!clean.contains("/") && !clean.contains("\0"), "a name that leads elsewhere")
    let disposition = FileName.disposition(clean, inline: false)
    precondition(
        disposition.hasPrefix("attachment") && !disposition.contains("\n"), "two lines of header")
    for kind in [FileKind.jpeg, .png, .gif, .webp] {
        guard let plain = try? PlainImage(bytes, kind: kind) else { continue }
        // Nothing else is ever taken for this kind.
        guard FileKind(head: bytes, name: "") == kind else { continue }
        precondition(plain.bytes.count <= bytes.count + 64, "it grew")
        // What was cleaned once is clean.
        guard let again = try? PlainImage(plain.bytes, kind: kind) else {
            preconditionFailure("what was cleaned cannot be read")
        }
        precondition(again.width == plain.width && again.height == plain.height)
        precondition(FileKind(head: plain.bytes, name: "") == kind, "it became something else")
    }
    _ = ImageAnswer(bytes)
    return 0
}
