import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP/1.1 connection that asks one thing after another: for log-ins, set-up and audits, not for load.
enum PlainHTTP {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: ByteBuffer

        /// The body as JSON; nil when it is none.
        func json() -> [String: Any]? {
            let data = Data(body.readableBytesView)
            return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs `body` with a connection.
    static func with<Result: Sendable>(
        host: String, port: Int, _ body: (Asker) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let asker = Asker(
                host: host, port: port, answers: inbound.makeAsyncIterator(), questions: outbound)
            return try await body(asker)
        }
    }

    final class Asker {
        private let host: String
        private let port: Int
        private var answers: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
        private let questions: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
        /// Sent with every request.
        var headers: [(String, String)] = []

        init(
            host: String, port: Int,
            answers: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator,
            questions: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
        ) {
            self.host = host
            self.port = port
            self.answers = answers
            self.questions = questions
        }

        func get(_ path: String) async throws -> Answer { try await ask(.GET, path) }

        func ask(_ method: HTTPMethod, _ path: String, json: Any? = nil) async throws -> Answer {
            let origin = "http://\(host):\(port)"
            var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
            head.headers = ["Host": "\(host):\(port)", "Origin": origin]
            for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
            var body = ByteBuffer()
            if let json {
                body.writeBytes(try JSONSerialization.data(withJSONObject: json))
                head.headers.add(name: "Content-Type", value: "application/json")
                head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
            }
            try await questions.write(.head(head))
            if json != nil { try await questions.write(.body(.byteBuffer(body))) }
            try await questions.write(.end(nil))
            guard case .head(let answer)? = try await answers.next() else {
                throw Failure(description: "\(method) \(path): the connection ended")
            }
            var all = ByteBuffer()
            while let part = try await answers.next() {
                switch part {
                case .head: throw Failure(description: "\(method) \(path): two heads")
                case .body(var piece): all.writeBuffer(&piece)
                case .end:
                    return Answer(
                        status: Int(answer.status.code), headers: answer.headers, body: all)
                }
            }
            throw Failure(description: "\(method) \(path): the answer was cut")
        }

        /// As `ask`, but anything else than success is an error that says what was answered.
        func must(_ method: HTTPMethod, _ path: String, json: Any? = nil) async throws -> Answer {
            let answer = try await ask(method, path, json: json)
            guard (200..<300).contains(answer.status) else {
                let said = String(buffer: answer.body)
                throw Failure(description: "\(method) \(path): \(answer.status) \(said)")
            }
            return answer
        }
    }
}
