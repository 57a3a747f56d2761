import Foundation
import NIOCore
import NIOHTTP1
import Reconciliation

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
            let until = ContinuousClock.now + patience
            while !stopped, ContinuousClock.now < until {
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

    /// Reads what a conversation holds; what is asked for while it is being read is read once more.
    func read(_ conversation: String) {
        if reading[conversation] != nil {
            reading[conversation] = true
            return
        }
        reading[conversation] = false
        Task { await readNow(conversation) }
    }

    private func readNow(_ conversation: String) async {
        let until = ContinuousClock.now + patience
        while !stopped, ContinuousClock.now < until {
            if let messages = try? await fetch(conversation) {
                for message in messages.found {
                    take(message, in: messages.conversation, by: .reading)
                }
                guard reading[conversation] == true else { break }
                reading[conversation] = false
            } else {
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        reading[conversation] = nil
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

    /// Asks what the conversation holds now; for the history, which compares it with what was answered before.
    func look(at conversation: String, by reading: Int) async {
        let (path, headers) =
            switch side {
            case .buyer(let token):
                ("/v1/buyer/conversation", [("authorization", "Bearer \(token)")])
            case .agent(let cookie, _): ("/v1/conversations/\(conversation)", [("cookie", cookie)])
            }
        note(.asked) { ($0.reading, $0.conversation) = (reading, conversation) }
        // A server that is away has not answered with anything old.
        guard let page: Page = try? await http.ask(.GET, path, headers: headers).decode(),
            page.conversation?.id == conversation
        else { return }
        note(.read) {
            ($0.reading, $0.conversation, $0.number) = (
                reading, conversation, page.messages.last?.number
            )
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
