import Desk
import Foundation
import NIOHTTP1
import Reconciliation

/// The agents of a replay: finds who owns a conversation, and takes it when nobody does.
actor ReplayDesk {
    struct Agent: Sendable {
        let client: ReplayClient
        let cookie: String
        let staff: String
    }

    struct Failure: Error, CustomStringConvertible {
        let message: Localized
        var description: String { Say.text(message) }
    }

    let agents: [Agent]
    let shop: String
    private let http: PlainHTTP
    private var turn = 0

    private struct SignedIn: Decodable {
        struct Staff: Decodable { let id: String }
        struct Shop: Decodable { let slug: String }
        let staff: Staff
        let shop: Shop
    }

    private struct AsOf: Decodable { let asOf: Int64 }

    /// Logs everybody in, opens their desks and puts them online.
    /// - Parameters:
    ///   - http: the server itself, for log-ins and audits.
    ///   - way: the way that sockets take, perhaps through a proxy.
    init(
        logins: [(login: String, password: String)], http: PlainHTTP, way: PlainHTTP,
        patience: Duration, chaos: Double, notebook: Notebook
    ) async throws {
        var agents: [Agent] = []
        var slug = ""
        for (login, password) in logins {
            let body = String(
                decoding: try JSONEncoder().encode(["login": login, "password": password]),
                as: UTF8.self)
            let answer = try await http.ask(
                .POST, "/v1/session", headers: [("origin", http.origin)], body: body)
            let signedIn: SignedIn = try answer.decode()
            guard
                let cookie = answer.header("set-cookie")?.split(separator: ";").first.map(
                    String.init)
            else {
                throw Failure(message: Localized(zh: "登录没有得到会话", en: "the log-in gave no session"))
            }
            slug = signedIn.shop.slug
            let inbox: AsOf = try await http.ask(
                .GET, "/v1/inbox?view=mine", headers: [("cookie", cookie)]
            ).decode()
            let client = ReplayClient(
                .agent(cookie: cookie, staff: signedIn.staff.id), name: "agent \(login)", http: way,
                patience: patience, chaos: chaos, after: inbox.asOf, notebook: notebook)
            await client.start()
            let key = ReplayKey.fresh()
            try await client.command(
                ["type": "presence", "state": "online", "reason": "", "key": key], key: key)
            agents.append(Agent(client: client, cookie: cookie, staff: signedIn.staff.id))
        }
        self.agents = agents
        self.http = http
        shop = slug
    }

    private struct Page: Decodable {
        struct Summary: Decodable {
            struct Owner: Decodable { let id: String }
            let state: String
            let owner: Owner?
        }
        let conversation: Summary
    }

    /// The agent who answers a conversation; waits for an assignment, then claims or takes over.
    func owner(of conversation: String, patience: Duration) async throws -> Agent {
        let clock = ContinuousClock()
        let began = clock.now
        var asked = clock.now
        while clock.now - began < patience {
            for agent in agents where await agent.client.owned.contains(conversation) {
                return agent
            }
            if clock.now - asked > .milliseconds(700), let first = agents.first {
                asked = clock.now
                if let agent = try? await settle(conversation, as: first) { return agent }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw ReplayClient.GaveUp()
    }

    /// Asks the server who owns it; claims it from the queue when nobody does.
    private func settle(_ conversation: String, as asker: Agent) async throws -> Agent? {
        let page: Page = try await http.ask(
            .GET, "/v1/conversations/\(conversation)", headers: [("cookie", asker.cookie)]
        ).decode()
        if let owner = page.conversation.owner {
            let agent = agents.first { $0.staff == owner.id }
            await agent?.client.adopt(conversation)
            return agent
        }
        guard page.conversation.state == "queued" else { return nil }
        turn += 1
        let agent = agents[turn % agents.count]
        let key = ReplayKey.fresh()
        _ = try await agent.client.command(
            ["type": "claim", "conversation": conversation, "key": key], key: key)
        await agent.client.adopt(conversation)
        return agent
    }

    /// Hands a conversation to another of the agents, or back to the queue; a server that refuses has its reasons.
    func passOn(_ conversation: String, from agent: Agent, toColleague: Bool) async {
        let key = ReplayKey.fresh()
        let others = agents.filter { $0.staff != agent.staff }
        if toColleague, let other = others.randomElement() {
            try? await agent.client.transfer(conversation, to: other.staff, key: key)
        } else {
            _ = try? await agent.client.command(
                ["type": "return", "conversation": conversation, "reason": "", "key": key], key: key
            )
        }
    }

    /// Writes down who believes to serve what, and ends.
    func stop() async {
        for agent in agents {
            // Who is cut off at this moment may believe what is over.
            await agent.client.comesToLife(within: .seconds(20))
            for conversation in await agent.client.owned.sorted() {
                agent.client.note(.owns) { $0.conversation = conversation }
            }
            await agent.client.stop()
        }
    }
}
