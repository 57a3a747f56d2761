import Foundation
import NIOCore
import NIOHTTP1

/// Reading anew over HTTP what events did not bring.
extension ReplayClient {
    /// After a gap that events do not fill, an agent's desk learns from its inbox what is theirs.
    func readInbox() {
        guard case .agent(let cookie, _) = side else { return }
        struct Inbox: Decodable {
            struct Summary: Decodable { let id: String }
            let conversations: [Summary]
            let next: String?
        }
        Task {
            var cursor: String?
            for _ in 0..<50 where !stopped {
                let path = "/v1/inbox?view=mine" + (cursor.map { "&cursor=\($0)" } ?? "")
                guard
                    let page: Inbox = try? await http.ask(.GET, path, headers: [("cookie", cookie)])
                        .decode()
                else {
                    try? await Task.sleep(for: .milliseconds(200))
                    continue
                }
                for conversation in page.conversations { adopt(conversation.id) }
                guard let next = page.next else { return }
                cursor = next
            }
        }
    }

    /// Reads what a conversation holds after the last number without a gap before it.
    func read(_ conversation: String) {
        guard reading.insert(conversation).inserted else { return }
        Task { await readNow(conversation) }
    }

    private func readNow(_ conversation: String) async {
        defer { reading.remove(conversation) }
        for _ in 0..<20 {
            if stopped { return }
            if let messages = try? await fetch(conversation) {
                for message in messages.found {
                    take(message, in: messages.conversation, by: .reading)
                }
                return
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private struct Page: Decodable {
        struct Summary: Decodable { let id: String }
        let conversation: Summary?
        let messages: [WireMessage]
    }

    private func fetch(_ conversation: String) async throws -> (
        conversation: String, found: [WireMessage]
    ) {
        switch side {
        case .buyer(let token):
            let headers = [("authorization", "Bearer \(token)")]
            let now: Page = try await http.ask(.GET, "/v1/buyer/conversation", headers: headers)
                .decode()
            guard let id = now.conversation?.id else { return (conversation, []) }
            var found = now.messages
            let known = timelines[id] ?? [:]
            while let first = found.first, first.number > 1, known[first.number - 1] == nil {
                let older: Page = try await http.ask(
                    .GET, "/v1/buyer/messages?before=\(first.number)", headers: headers
                ).decode()
                if older.messages.isEmpty { break }
                found = older.messages + found
            }
            return (id, found)
        case .agent(let cookie, _):
            return (conversation, try await Self.all(of: conversation, cookie: cookie, http: http))
        }
    }

    /// Everything that a conversation holds, as staff see it.
    static func all(of conversation: String, cookie: String, http: PlainHTTP) async throws
        -> [WireMessage]
    {
        var found: [WireMessage] = []
        while true {
            let path =
                "/v1/conversations/\(conversation)/messages?after=\(found.last?.number ?? 0)&limit=100"
            let page: Page = try await http.ask(.GET, path, headers: [("cookie", cookie)]).decode()
            if page.messages.isEmpty { return found }
            found += page.messages
        }
    }
}
