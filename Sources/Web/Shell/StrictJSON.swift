import Desk
import Foundation
package import Hummingbird
package import NIOCore
import NIOFoundationCompat
import Storage

/// Reads JSON bodies and names the field at fault.
package struct StrictJSON: RequestDecoder {
    package init() {}

    /// Throws a ``Refusal``: `body.malformed` with the path of the field, `body.tooLarge`, `body.slow`.
    package func decode<T: Decodable>(
        _ type: T.Type, from request: Request, context: some RequestContext
    ) async throws -> T {
        let bytes = try await request.collect(
            upTo: context.maxUploadSize, within: .seconds(WebLimits.bodySeconds))
        return try Self.value(bytes)
    }

    package static func value<T: Decodable>(
        _ bytes: ByteBuffer, as type: T.Type = T.self
    ) throws -> T {
        do {
            return try JSONDecoder().decode(T.self, from: bytes)
        } catch let error as DecodingError {
            throw Refusal.malformed(error)
        }
    }
}

extension Request {
    /// The whole body.
    /// - Throws: a ``Refusal`` when it is larger than `limit` bytes or slower than `time`.
    package func collect(upTo limit: Int, within time: Duration) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap({ Int($0) }) {
            if length == 0 { return ByteBuffer() }
            if length > limit { throw Refusal.bodyTooLarge(limit: limit) }
        } else if headers[.transferEncoding] == nil && method == .get {
            return ByteBuffer()
        }
        let body = self.body
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: limit)
                } catch is NIOTooManyBytesError {
                    throw Refusal.bodyTooLarge(limit: limit)
                }
            }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let bytes = first else {
                throw Refusal.bodySlow
            }
            return bytes
        }
    }
}

/// Writes answers as the protocol says: sorted keys, slashes as they are.
package struct WireJSON: ResponseEncoder {
    package init() {}

    package func encode(
        _ value: some Encodable, from request: Request, context: some RequestContext
    ) throws -> Response { try Response.json(value) }
}

extension Response {
    /// A JSON answer, never kept by a cache.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        json(bytes: ByteBuffer(bytes: try JSON.data(value)), status: status, headers: headers)
    }

    /// The same of JSON that is written already.
    package static func json(
        bytes: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var fields = headers
        fields[.contentType] = "application/json; charset=utf-8"
        if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
        return Response(status: status, headers: fields, body: .init(byteBuffer: bytes))
    }

    /// Done, and nothing to say.
    package static var nothing: Response {
        Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}
