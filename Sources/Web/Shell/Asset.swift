import CZlib
import Crypto
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// One file of the front end, ready to be sent.
final class Asset: Sendable {
    let body: ByteBuffer
    let type: String
    let tag: String
    /// Digests of the scripts that stand inside a page, for its policy.
    let scripts: [String]
    /// Pressed at its first use; nil inside when pressing does not pay.
    private let pressed = Mutex<(done: Bool, bytes: ByteBuffer?)>((false, nil))

    init(path: String, bytes: ByteBuffer) {
        body = bytes
        type = MediaTypes.of(path)
        let digest = SHA256.hash(data: Data(bytes.readableBytesView))
        tag =
            "\""
            + digest.prefix(12).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined() + "\""
        scripts = path.hasSuffix(".html") ? InlineScripts.digests(String(buffer: bytes)) : []
    }

    /// The answer to a request for it; `versioned` addresses may be kept for ever.
    func response(to request: Request, versioned: Bool, policy: String? = nil) -> Response {
        var headers: HTTPFields = [
            .eTag: tag, .vary: "Accept-Encoding",
            .cacheControl: versioned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if let policy { headers[.contentSecurityPolicy] = policy }
        if (request.headers[.ifNoneMatch] ?? "").contains(tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = type
        var bytes = body
        if request.acceptsGzip, let small = gzipped() {
            bytes = small
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: bytes))
    }

    private func gzipped() -> ByteBuffer? {
        guard MediaTypes.presses(type), body.readableBytes > 400 else { return nil }
        return pressed.withLock { state in
            if !state.done { state = (true, Gzip.press(body)) }
            return state.bytes
        }
    }
}

extension Request {
    var acceptsGzip: Bool {
        (headers[.acceptEncoding] ?? "").split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            return words.first == "gzip" && !words.dropFirst().contains { $0 == "q=0" }
        }
    }
}

/// Content types by ending; what is not listed is sent as bytes.
enum MediaTypes {
    private static let byEnding = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
        "json": "application/json; charset=utf-8", "svg": "image/svg+xml",
        "webmanifest": "application/manifest+json", "png": "image/png", "jpg": "image/jpeg",
        "webp": "image/webp", "ico": "image/x-icon", "woff2": "font/woff2", "mp3": "audio/mpeg",
        "ogg": "audio/ogg", "wav": "audio/wav", "txt": "text/plain; charset=utf-8",
    ]

    static func of(_ path: String) -> String {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return byEnding[ending] ?? "application/octet-stream"
    }

    static func presses(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.hasPrefix("application/json") || type == "image/svg+xml"
            || type == "application/manifest+json"
    }
}

/// The scripts written inside a page; ours holds only import maps.
enum InlineScripts {
    static func digests(_ page: String) -> [String] {
        var digests: [String] = []
        var rest = page[...]
        while let open = rest.range(of: "<script"),
            let end = rest[open.upperBound...].firstIndex(of: ">"),
            let close = rest[end...].range(of: "</script>")
        {
            let attributes = rest[open.upperBound..<end]
            let text = rest[rest.index(after: end)..<close.lowerBound]
            if !attributes.contains("src="), !text.isEmpty {
                digests.append(Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString())
            }
            rest = rest[close.upperBound...]
        }
        return digests
    }
}

/// The gzip format, by zlib.
enum Gzip {
    /// Nil when it would not get smaller.
    static func press(_ bytes: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        // 15 + 16: the largest window, with gzip's header.
        guard
            deflateInit2_(
                &stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = [UInt8](bytes.readableBytesView)
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
        let verdict = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = UInt32(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = UInt32(to.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        let size = Int(stream.total_out)
        guard verdict == Z_STREAM_END, size < input.count else { return nil }
        return ByteBuffer(bytes: output[..<size])
    }
}
