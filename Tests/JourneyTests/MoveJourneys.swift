import Foundation
import FoundationNetworking
import SQLOnPostgres
import TestSupport
import Testing

/// A shop that moves, as its owner does it: stop, move, start as the last line says.
@Suite struct MoveJourneys {
    private struct Opened: Decodable { let token: String }
    private struct Taken: Decodable { let upload: String }

    /// A server on flags of its own, and its port.
    private static func serve(_ flags: [String]) async throws -> (Running, Int) {
        let server = try Running(["serve", "--port", "0", "--backup-every", "0"] + flags)
        try #require(await server.says("已启动"), "\(server.errors)")
        let words = server.output.split(separator: "127.0.0.1:").dropFirst().first
        return (server, try #require(words.flatMap { Int($0.prefix { $0.isNumber }) }))
    }

    private static func stop(_ server: Running) async {
        server.signal(SIGTERM)
        #expect(await server.ended() == 0, "\(server.errors)")
    }

    private static func ask(
        _ port: Int, _ path: String, post: Data? = nil, type: String = "application/json",
        token: String? = nil
    ) async throws -> Data {
        var request = URLRequest(
            url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = post == nil ? "GET" : "POST"
        request.httpBody = post
        if post != nil { request.setValue(type, forHTTPHeaderField: "content-type") }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode
        try #require(status == 200 || status == 201, "\(path): \(status ?? 0)")
        return data
    }

    @Test(.timeLimit(.minutes(8)))
    func `a shop moves to PostgreSQL and back with every upload, by the commands of the guide`()
        async throws
    {
        let shop = try await Shop()
        let (first, port) = try await Self.serve(["--data", shop.data])
        let opened = try JSONDecoder().decode(
            Opened.self,
            from: try await Self.ask(
                port, "/v1/buyer/sessions", post: Data(#"{"shop":"test","name":"张三"}"#.utf8)))
        var paths: [String] = []
        for number in 1...3 {
            let text = Data(String(repeating: "订单 \(number)\n", count: 40_000 * number).utf8)
            let taken = try JSONDecoder().decode(
                Taken.self,
                from: try await Self.ask(
                    port, "/v1/uploads?name=t\(number).txt", post: text,
                    type: "application/octet-stream", token: opened.token))
            paths.append("/v1/uploads/\(taken.upload)")
        }
        func all(_ port: Int) async throws -> [Data] {
            var found: [Data] = []
            for path in paths {
                found.append(try await Self.ask(port, path, token: opened.token))
            }
            return found
        }
        let before = try await all(port)
        #expect(before.allSatisfy { $0.count > 40_000 })

        let address = try TestPostgres.database()
        defer { TestPostgres.remove(address) }
        // While the server runs nobody moves its file.
        let early = try await Program.run(
            ["move", "--from", "sqlite:\(shop.data)", "--to", address.url])
        #expect(early.status != 0 && early.errors.contains("请先停止服务"))
        await Self.stop(first)
        let there = try await Program.run(
            ["move", "--from", "sqlite:\(shop.data)", "--to", address.url])
        #expect(there.status == 0, "\(there.errors)")
        #expect(there.output.contains("图片和文件 3 个（含缩略图），逐个核对过内容，这次存进 3 个"))
        #expect(there.output.contains("--uploads database"))
        let elsewhere = shop.folder.appending(path: "node/x.sqlite").path()
        // As it says, and with the setting forgotten.
        for uploads in [["--uploads", "database"], []] {
            let (second, port) = try await Self.serve(
                ["--data", elsewhere, "--database", address.url] + uploads)
            #expect(try await all(port) == before)
            await Self.stop(second)
        }
        let file = shop.folder.appending(path: "back/shop.sqlite").path()
        let back = try await Program.run(["move", "--from", address.url, "--to", "sqlite:\(file)"])
        #expect(back.status == 0, "\(back.errors)")
        let (third, last) = try await Self.serve(["--data", file, "--uploads", "folder"])
        #expect(try await all(last) == before)
        // A change of mind beside the running server.
        let changed = try await Program.run(["uploads", "database", "--data", file, "--remove"])
        #expect(changed.status == 0, "\(changed.errors)")
        #expect(changed.output.contains("删掉 3 个"))
        #expect(try await all(last) == before)
        await Self.stop(third)

        // A picture that is nowhere is named, and the move begins nothing.
        let files = shop.folder.appending(path: "files")
        try FileManager.default.moveItem(at: files, to: shop.folder.appending(path: "away"))
        let other = shop.folder.appending(path: "other/shop.sqlite").path()
        let move = ["move", "--from", "sqlite:\(shop.data)", "--to", "sqlite:\(other)"]
        let refused = try await Program.run(move)
        #expect(refused.status != 0 && refused.errors.contains("有 3 个图片或文件不在"))
        let named = try await Program.run(
            move + ["--files-from", shop.folder.appending(path: "away").path()])
        #expect(named.status == 0, "\(named.errors)")
    }
}
