import Desk
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Realtime
import Storage
import TestSupport
import Testing

@testable import Web

struct SearchRoutesTests {
    private struct Believing: Callers {
        let people: [String: Principal]

        func caller(of request: Request, _ visit: Visit) async throws -> Principal? {
            guard let who = HTTPField.Name("who") else { return nil }
            return request.headers[who].flatMap { people[$0] }
        }
    }

    private struct Answer: Decodable {
        struct Hit: Decodable {
            struct Place: Decodable { let id: String }
            struct Said: Decodable {
                let text: String
                let number: Int
            }
            let conversation: Place
            let message: Said
            let marks: [[Int]]
        }
        struct Found: Decodable { let name: String }
        let hits: [Hit]
        let buyers: [Found]
        let next: String?
        let behind: Int
    }

    private struct Failure: Decodable {
        struct Told: Decodable {
            let code: String
            let field: String?
        }
        let error: Told
    }

    private static func agent(_ id: Int64, _ permissions: Set<Permission>) -> Principal {
        .staff(
            StaffPrincipal(
                id: StaffID(id), shop: ShopID(1), login: "a\(id)", name: "小橙", nickname: "",
                standing: Standing(.agent, .mid, .fullTime), department: .service,
                permissions: permissions, groups: [], cap: nil, session: nil, token: nil))
    }

    private func shop(
        _ engine: Engine,
        _ body:
            @escaping @Sendable (
                TestStore, @Sendable (String, String) async throws -> TestResponse
            ) async throws -> Void
    ) async throws {
        let store = try await engine.store().withShop()
        let search = SearchRoutes(database: store.database, clock: { store.clock.now })
        let people: [String: Principal] = [
            "lead": Self.agent(
                31, [.messageSearch, .messageSearchAll, .conversationReadAll, .buyerRead]),
            "trainee": Self.agent(32, [.messageSearch, .buyerRead]),
            "owner": Self.agent(11, [.messageSearch, .buyerRead, .conversationAnswer]),
            "warehouse": Self.agent(34, []),
            "buyer": .buyer(
                BuyerPrincipal(id: BuyerID(501), shop: ShopID(1), name: "张三", verified: false)),
        ]
        var services = WebServices(version: "test")
        services.routes = [RouteTable(search.routes, callers: Believing(people: people))]
        let app = Application(router: makeRouter(services))
        try await app.test(.router) { client in
            try await body(store) { query, who in
                var headers: HTTPFields = [:]
                if let name = HTTPField.Name("who") { headers[name] = who }
                return try await client.execute(
                    uri: "/v1/search?\(query)", method: .get, headers: headers)
            }
        }
    }

    private func read(_ response: TestResponse) throws -> Answer {
        #expect(response.status == .ok, "\(String(buffer: response.body))")
        return try JSONDecoder().decode(Answer.self, from: Data(response.body.readableBytesView))
    }

    private func refused(_ response: TestResponse) throws -> (code: String, field: String?) {
        let body = Data(response.body.readableBytesView)
        let told = try JSONDecoder().decode(Failure.self, from: body).error
        return (told.code, told.field)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// Two conversations: of 张三 with agent 11, and of 李四 with agent 12.
    private static func talk(_ store: TestStore) async throws {
        for (id, name, agent) in [(501, "张三", 11), (502, "李四", 12)] as [(Int64, String, Int64)] {
            let shop = store.shop
            try await store.carryOut(in: shop, as: .system) { act in
                let buyer = Buyer(id: BuyerID(id), shop: shop, name: name, createdAt: act.at)
                try BuyerStore.insert(buyer, in: act.transaction)
            }
            let who = Participant.buyer(BuyerID(id), name: name)
            let said = try await store.say("我要退款", by: who)
            let owner = Participant.agent(StaffID(agent), name: "客服\(agent)", rights: [.answer])
            _ = try await store.perform(.claim, in: said.conversation, by: owner)
            _ = try await store.say("退款已经办好", in: said.conversation, by: owner)
        }
        while try await SearchFollower().catchUp(store.shop, in: store.database) == 500 {}
    }

    @Test(arguments: Engine.allCases)
    func `A lead finds everything, an agent what is theirs, others nothing`(
        _ engine: Engine
    ) async throws {
        try await shop(engine) { store, ask in
            try await Self.talk(store)
            let query = "q=\(Self.encoded("退款"))"
            let all = try read(try await ask(query, "lead"))
            #expect(
                all.hits.map(\.message.text) == ["退款已经办好", "我要退款", "退款已经办好", "我要退款"])
            #expect(all.hits.map(\.marks) == [[[0, 2]], [[2, 2]], [[0, 2]], [[2, 2]]])
            #expect(all.behind == 0 && all.next == nil)
            let own = try read(try await ask(query, "owner"))
            #expect(own.hits.count == 2)
            #expect(Set(own.hits.map(\.conversation.id)).count == 1)
            #expect(try read(try await ask(query, "trainee")).hits.isEmpty)
            #expect(try refused(try await ask(query, "warehouse")).code == "permission.missing")
            #expect(try refused(try await ask(query, "buyer")).code == "caller.staffOnly")
            #expect(try refused(try await ask(query, "nobody")).code == "session.none")
        }
    }

    @Test(arguments: Engine.allCases)
    func `Buyers stand above the messages for who may see them`(_ engine: Engine) async throws {
        try await shop(engine) { store, ask in
            try await Self.talk(store)
            for typed in ["张", "zs", "zhang"] {
                let query = "q=\(Self.encoded(typed))"
                #expect(try read(try await ask(query, "lead")).buyers.map(\.name) == ["张三"])
                #expect(try read(try await ask(query, "owner")).buyers.map(\.name) == ["张三"])
                #expect(try read(try await ask(query, "trainee")).buyers.isEmpty)
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `Pages go on from their cursor`(_ engine: Engine) async throws {
        try await shop(engine) { store, ask in
            try await Self.talk(store)
            let query = "limit=3&q=\(Self.encoded("退款"))"
            let first = try read(try await ask(query, "lead"))
            #expect(first.hits.count == 3)
            let cursor = try #require(first.next)
            let second = try read(try await ask("\(query)&cursor=\(cursor)", "lead"))
            #expect(second.hits.map(\.message.text) == ["我要退款"])
            #expect(second.next == nil)
        }
    }

    @Test(
        arguments: [
            ("q=", "search.empty", "q"), ("", "search.empty", "q"),
            ("q=%EF%BC%9F", "search.empty", "q"),
            ("q=a&from=yesterday", "search.malformed", "from"),
            ("q=a&kind=poem", "search.malformed", "kind"),
            ("q=a&agent=-1", "search.malformed", "agent"),
            ("q=a&cursor=x", "search.malformed", "cursor"),
        ])
    func `A question that cannot be read says which part`(
        query: String, code: String, field: String
    ) async throws {
        try await shop(.sqlite) { _, ask in
            let told = try refused(try await ask(query, "lead"))
            #expect(told.code == code && told.field == field)
        }
    }
}
