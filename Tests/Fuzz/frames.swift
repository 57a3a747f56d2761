// Any bytes, as they come over a socket, cut at any place: the same messages or the same fault however they are cut.
import NIOCore

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: size)
    guard let cut = bytes.first else { return 0 }
    let whole = read([ByteBuffer(bytes: bytes.dropFirst())])
    let width = Int(cut % 17) + 1
    var parts: [ByteBuffer] = []
    var rest = bytes.dropFirst()
    while !rest.isEmpty {
        parts.append(ByteBuffer(bytes: rest.prefix(width)))
        rest = rest.dropFirst(width)
    }
    precondition(read(parts) == whole, "cutting changes what was said")
    return 0
}

private func read(_ parts: [ByteBuffer]) -> [String] {
    var said: [String] = []
    for side in [SocketSide.server, .client] {
        var reader = FrameReader(side: side, limit: 4_096)
        var buffer = ByteBuffer()
        feeding: for part in parts {
            buffer.writeImmutableBuffer(part)
            do throws(SocketFault) {
                while let event = try reader.next(&buffer) {
                    if case .text(let text) = event { precondition(text.readableBytes <= 4_096) }
                    said.append("\(event)")
                }
            } catch {
                said.append("\(error.code)")
                break feeding
            }
        }
    }
    return said
}
