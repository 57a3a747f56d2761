import Foundation
import Testing

@Suite struct MomentsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    @Test(.timeLimit(.minutes(8)))
    func `PostgreSQL's own tools bring back a moment, as the script says`() async throws {
        let said = try await Task.detached {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "bash", Self.root.appending(path: "Scripts/postgres-moments").path(), "rehearse",
            ]
            let output = FileManager.default.temporaryDirectory
                .appending(path: "qinke-moments-\(UUID().uuidString)")
            FileManager.default.createFile(atPath: output.path(), contents: nil)
            defer { try? FileManager.default.removeItem(at: output) }
            let handle = try FileHandle(forWritingTo: output)
            process.standardOutput = handle
            process.standardError = handle
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try handle.close()
            return try String(contentsOf: output, encoding: .utf8)
        }.value
        #expect(said.contains("verified"), "\(said)")
        #expect(said.contains("equal at"), "\(said)")
    }
}
