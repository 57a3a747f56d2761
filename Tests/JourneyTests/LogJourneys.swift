import Foundation
import Glibc
import Testing

/// What the log holds, and what it must not.
@Suite struct LogJourneys {
    /// Sends bytes over plain TCP and reads until the server closes or has answered.
    private static func ask(_ port: Int, _ text: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        defer { Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let joined = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard joined == 0 else { throw CocoaError(.fileReadUnknown) }
        _ = text.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var answer = Data()
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            answer += piece[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }

    @Test(.timeLimit(.minutes(8)))
    func `whatever a request holds, the log names only its route and its id`() async throws {
        let shop = try await Shop(agents: ["apple"])
        let server = try Running(
            [
                "serve", "--data", shop.data, "--port", "0", "--log-level", "debug", "--log-form",
                "json",
                "--backup-every", "0",
            ])
        try #require(await server.says("已启动"), "\(server.errors)")
        let words = server.output.split(separator: "127.0.0.1:").dropFirst().first
        let port = try #require(words.flatMap { Int($0.prefix { $0.isNumber }) })
        let (phone, mail, secret) = ("13812345678", "zhang.san@example.com", "S3cret-Meadow-99")
        func request(_ line: String, _ body: String, _ more: String = "") -> String {
            "\(line) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\(more)"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        var ids: [String] = []
        for text in [
            request("POST /v1/session", #"{"login":"apple","password":"\#(secret)"}"#),
            request("POST /v1/session", #"{"login":"\#(phone)","password":["\#(secret)"]}"#),
            request("GET /v1/search?q=\(phone)&token=\(secret)", ""),
            request("GET /\(phone)/\(mail)", ""),
            request(
                "GET /v1/session", "", "Authorization: Bearer \(secret)\r\nCookie: a=\(secret)\r\n"),
            request("POST /v1/widget/start", #"{"name":"\#(phone)","contact":"\#(mail)","#),
            request("GET /v1/uploads/\(secret)", "", "X-Phone: \(phone)\r\n"),
        ] {
            let answer = try Self.ask(port, text)
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(answer.prefix(80))")
            if let found = answer.lowercased().firstMatch(of: /x-request-id: ([0-9a-f-]+)/)?.output
                .1
            {
                ids.append(String(found))
            }
        }
        server.signal(SIGTERM)
        #expect(await server.ended() == 0)
        let log = server.errors
        for word in [phone, mail, secret, "zhang", "Meadow"] {
            #expect(!log.contains(word), "the log holds \(word)")
        }
        let lines = log.split(separator: "\n")
        #expect(lines.count > 5)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            for field in ["at", "level", "label", "message"] {
                #expect(object?[field] is String, "\(line)")
            }
        }
        // Each answer's id finds its line.
        #expect(ids.count == 7)
        for id in ids { #expect(log.contains(id)) }
    }

    @Test(.timeLimit(.minutes(8)))
    func `the doctor reads a certificate and says how long it is good`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "qinke-tls-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (days, ok) in [(90, true), (5, false)] {
            let file = folder.appending(path: "\(days).pem").path()
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "\(days)", "-subj", "/CN=desk.example.com", "-keyout",
                "/dev/null",
                "-out", file,
            ]
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            let doctor = try await Program.run(
                [
                    "doctor", "--port", "0", "--certificate", file, "--data",
                    folder.path() + "a.sqlite",
                ])
            #expect(
                doctor.output.contains("证书还有 \(days - 1) 天")
                    || doctor.output.contains("证书还有 \(days) 天"), "\(doctor.output)")
            #expect(doctor.output.contains("✗ TLS") != ok)
        }
        let broken = try await Program.run(
            [
                "doctor", "--port", "0", "--certificate", folder.path() + "none.pem", "--data",
                folder.path() + "a.sqlite",
            ])
        #expect(broken.status != 0 && broken.output.contains("读不到证书"))
    }
}
