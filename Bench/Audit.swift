import Foundation
import NIOHTTP1

/// Reads every conversation back over HTTP and compares it with what was acknowledged.
enum Audit {
    struct Report: Codable, Sendable {
        var conversations: Int
        var acknowledged: Int
        /// Buyers' messages found.
        var stored: Int
        var lost: Int
        var doubled: Int
        /// Stored with another number or text than acknowledged.
        var different: Int
        var outOfOrder: Int

        var clean: Bool { lost == 0 && doubled == 0 && different == 0 && outOfOrder == 0 }
    }

    static func run(
        port: Int, cookie: String, expected: [String: [(number: Int, text: String)]]
    ) async throws -> Report {
        try await PlainHTTP.with(host: "127.0.0.1", port: port) { http in
            http.headers = [("Cookie", cookie)]
            var report = Report(
                conversations: expected.count, acknowledged: 0, stored: 0, lost: 0, doubled: 0,
                different: 0, outOfOrder: 0)
            for (conversation, said) in expected {
                try await check(conversation, said, http, &report)
            }
            return report
        }
    }

    private static func check(
        _ conversation: String, _ said: [(number: Int, text: String)], _ http: PlainHTTP.Asker,
        _ report: inout Report
    ) async throws {
        var numberByText: [String: Int] = [:]
        for (number, text) in said { numberByText[text] = number }
        report.acknowledged += said.count
        var seen: Set<String> = []
        var last = 0
        while true {
            let path = "/v1/conversations/\(conversation)/messages?after=\(last)&limit=200"
            let answer = try await http.must(.GET, path)
            guard let messages = answer.json()?["messages"] as? [[String: Any]] else {
                throw PlainHTTP.Failure(description: "\(path): no messages")
            }
            if messages.isEmpty { break }
            for message in messages {
                let number = (message["number"] as? NSNumber)?.intValue ?? 0
                if number <= last { report.outOfOrder += 1 }
                last = max(last, number)
                guard let text = message["text"] as? String, let expected = numberByText[text]
                else {
                    continue
                }
                report.stored += 1
                if !seen.insert(text).inserted { report.doubled += 1 }
                if number != expected { report.different += 1 }
            }
        }
        report.lost += numberByText.count - seen.count
    }
}
