import Desk
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Images
import NIOCore
import Realtime
import SQL
import Storage
import TestSupport
import Testing

@testable import Web

/// Pictures and files over HTTP, each test with a shop of its own.
struct UploadRoutesTests {
    /// Cleans in this process; the one that is used starts another, see `ImageWorkersTests`.
    private struct CleansHere: ImageCleaner {
        func clean(_ file: URL, limits: UploadLimits) async throws -> CleanImage {
            try ImageCleaning.clean([UInt8](try Data(contentsOf: file)), limits: limits)
        }
    }

    /// Believes the header `who`.
    private struct Believing: Callers {
        let people: [String: Principal]

        func caller(of request: Request, _ visit: Visit) async throws -> Principal? {
            guard let who = HTTPField.Name("who") else { return nil }
            return request.headers[who].flatMap { people[$0] }
        }
    }

    private struct Taken: Decodable {
        let upload: String
        let name: String
        let type: String
        let size: Int
        let width: Int?
        let height: Int?
    }

    private struct Failure: Decodable {
        let error: Told
        struct Told: Decodable { let code: String }
    }

    /// A shop with buyer 5 and 6 and agents 21 (owner to be), 22 (nobody's), 23 (reads all).
    private struct House {
        let store: TestStore
        let client: any TestClientProtocol
        let blobs: BlobFolder

        func send(
            _ bytes: [UInt8], as who: String?, name: String = "a.bin"
        ) async throws -> TestResponse {
            let name = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return try await client.execute(
                uri: "/v1/uploads?name=\(name)", method: .post, headers: headers(who),
                body: ByteBuffer(bytes: bytes))
        }

        func taken(
            _ bytes: [UInt8], as who: String, name: String = "a.bin"
        ) async throws -> Taken {
            let response = try await send(bytes, as: who, name: name)
            #expect(response.status == .ok, "\(String(buffer: response.body))")
            return try JSONDecoder().decode(Taken.self, from: Data(response.body.readableBytesView))
        }

        func open(
            _ id: String, as who: String?, thumbnail: Bool = false, tag: String? = nil
        ) async throws -> TestResponse {
            var headers = headers(who)
            if let tag { headers[.ifNoneMatch] = tag }
            return try await client.execute(
                uri: "/v1/uploads/\(id)\(thumbnail ? "/thumbnail" : "")", method: .get,
                headers: headers)
        }

        /// Buyer 5 says the upload in their conversation, which agent 21 then owns.
        func say(_ id: String, key: String = "k1") async throws -> Converse.Answer {
            let upload = try #require(UploadID(id))
            let converse = Converse(claimUpload: UploadStore.claim)
            let buyer = Participant.buyer(BuyerID(5), name: "张三")
            let answer = try await store.carryOut(in: store.shop, as: buyer.actor) { act in
                try converse(
                    .say(Saying(key: key, kind: .image), upload: upload), key: key, in: nil,
                    by: buyer, policy: .default, act: act)
            }
            let owner = Participant.agent(StaffID(21), name: "小橙", rights: [.answer])
            _ = try await store.carryOut(in: store.shop, as: owner.actor) { act in
                try converse(
                    .claim, key: "claim-\(key)", in: answer.conversation, by: owner,
                    policy: .default, act: act)
            }
            return answer
        }

        func withdraw(_ answer: Converse.Answer) async throws {
            let converse = Converse(claimUpload: UploadStore.claim)
            let buyer = Participant.buyer(BuyerID(5), name: "张三")
            let number = try #require(answer.number)
            _ = try await store.carryOut(in: store.shop, as: buyer.actor) { act in
                try converse(
                    .withdraw(number: number), key: "withdraw", in: answer.conversation, by: buyer,
                    policy: .default, act: act)
            }
        }

        private func headers(_ who: String?) -> HTTPFields {
            var headers: HTTPFields = [:]
            if let who, let name = HTTPField.Name("who") { headers[name] = who }
            return headers
        }
    }

    private static func agent(
        _ id: Int64, _ permissions: Set<Permission>, shop: ShopID = ShopID(1)
    ) -> Principal {
        .staff(
            StaffPrincipal(
                id: StaffID(id), shop: shop, login: "a\(id)", name: "小橙", nickname: "",
                standing: Standing(.agent, .mid, .fullTime), department: .service,
                permissions: permissions, groups: [], cap: nil, session: nil, token: nil))
    }

    private static func buyer(_ id: Int64, shop: ShopID = ShopID(1)) -> Principal {
        .buyer(BuyerPrincipal(id: BuyerID(id), shop: shop, name: "张三", verified: false))
    }

    private func house(
        _ engine: Engine, policy: PolicySet = .default,
        _ body: @escaping @Sendable (House) async throws -> Void
    ) async throws {
        let store = try await engine.store().withShop()
        let blobs = try BlobFolder(store.folder.appending(path: "blobs"))
        let answers: Set<Permission> = [.conversationAnswer, .uploadRead]
        let people: [String: Principal] = [
            "buyer": Self.buyer(5), "other buyer": Self.buyer(6),
            "elsewhere": Self.buyer(5, shop: ShopID(2)),
            "owner": Self.agent(21, answers), "colleague": Self.agent(22, answers),
            "lead": Self.agent(23, answers.union([.conversationReadAll])),
            "director": Self.agent(24, answers.union([.conversationReadAll, .messageHistory])),
            "accountant": Self.agent(25, []),
        ]
        let uploads = UploadRoutes(
            carryOut: store.carryOut, blobs: blobs, images: CleansHere(), policy: { _ in policy })
        var services = WebServices(version: "test")
        services.routes = [RouteTable(uploads.routes, callers: Believing(people: people))]
        let app = Application(router: makeRouter(services))
        try await app.test(.router) { client in
            try await body(House(store: store, client: client, blobs: blobs))
        }
    }

    private func code(_ response: TestResponse) -> String? {
        (try? JSONDecoder().decode(Failure.self, from: Data(response.body.readableBytesView)))?
            .error.code
    }

    @Test(arguments: Engine.allCases)
    func `A photo is taken clean and given back with its thumbnail`(_ engine: Engine) async throws {
        try await house(engine) { house in
            let photo = Picture.withExif(try Picture.bytes(.jpeg), orientation: 6)
            let taken = try await house.taken(photo, as: "buyer", name: "假 照片.html")
            #expect(taken.name == "假 照片.html.jpg")
            #expect(taken.type == "image/jpeg")
            #expect(taken.width == 200 && taken.height == 400)
            let given = try await house.open(taken.upload, as: "buyer")
            #expect(given.status == .ok)
            #expect(given.headers[.contentType] == "image/jpeg")
            #expect(given.headers[.contentDisposition]?.hasPrefix("inline") == true)
            #expect(given.headers[.xContentTypeOptions] == "nosniff")
            #expect(given.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
            let bytes = [UInt8](given.body.readableBytesView)
            #expect(bytes.count == taken.size)
            #expect(Data(bytes).range(of: Data("GPS".utf8)) == nil)
            let small = try await house.open(taken.upload, as: "buyer", thumbnail: true)
            let image = try PlainImage([UInt8](small.body.readableBytesView), kind: .jpeg)
            #expect(image.width == 160 && image.height == 320)
        }
    }

    @Test(arguments: Engine.allCases)
    func `A reader who has it already is told so, but is asked who they are`(
        _ engine: Engine
    ) async throws {
        try await house(engine) { house in
            let taken = try await house.taken(try Picture.bytes(.png), as: "buyer")
            let tag = try await house.open(taken.upload, as: "buyer").headers[.eTag]
            #expect(
                try await house.open(taken.upload, as: "buyer", tag: tag).status == .notModified)
            let stranger = try await house.open(taken.upload, as: "other buyer", tag: tag)
            #expect(stranger.status == .notFound)
        }
    }

    @Test(arguments: Engine.allCases)
    func `A file that is no image is a download of plain bytes`(_ engine: Engine) async throws {
        try await house(engine) { house in
            let page = Array("<html><script>alert(1)</script>".utf8)
            let taken = try await house.taken(page, as: "buyer", name: "a.txt")
            let given = try await house.open(taken.upload, as: "buyer")
            #expect(given.headers[.contentType] == "application/octet-stream")
            #expect(given.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect([UInt8](given.body.readableBytesView) == page)
            let small = try await house.open(taken.upload, as: "buyer", thumbnail: true)
            #expect(code(small) == "upload.unknown")
        }
    }

    @Test(arguments: Engine.allCases)
    func `A file of many pieces comes back whole`(_ engine: Engine) async throws {
        try await house(engine) { house in
            let bytes =
                Array("%PDF-1.7 ".utf8)
                + (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let taken = try await house.taken(bytes, as: "buyer", name: "发票.pdf")
            #expect(taken.size == bytes.count && taken.width == nil)
            let given = try await house.open(taken.upload, as: "buyer")
            #expect([UInt8](given.body.readableBytesView) == bytes)
        }
    }

    @Test(
        arguments: [
            (Array("MZ".utf8), "photo.jpg", "upload.executable"),
            (Array("echo".utf8), "run.bat", "upload.executable"),
            ([0, 0, 0, 24] + Array("ftypheic".utf8), "photo.jpg", "upload.phoneImage"),
            ([0, 1, 2, 3], "a.jpg", "upload.unsupported"),
            ([], "a.jpg", "upload.empty"),
            ([0xFF, 0xD8, 0xFF, 0xD9], "a.jpg", "upload.damaged"),
            (Array(repeating: 0x41, count: 70_000), "a.txt", "upload.tooLarge"),
            (
                Array("GIF89a".utf8) + Array(repeating: 0, count: 400_000), "a.gif",
                "upload.tooLarge"
            ),
        ] as [([UInt8], String, String)])
    func `What is not taken leaves neither row nor file`(
        bytes: [UInt8], name: String, wanted: String
    ) async throws {
        let small = PolicySet(
            version: 1, effective: Instant(milliseconds: 0), values: [.uploadSize: 65_536])
        try await house(.sqlite, policy: small) { house in
            let response = try await house.send(bytes, as: "buyer", name: name)
            #expect(code(response) == wanted)
            let left = FileManager.default.enumerator(atPath: house.blobs.path)?.allObjects ?? []
            #expect(left.compactMap { $0 as? String } == ["incoming"])
            let rows = try await house.store.database.read {
                try $0.first("SELECT count(*) FROM upload")?.get(0, as: Int.self)
            }
            #expect(rows == 0)
        }
    }

    @Test(arguments: Engine.allCases)
    func `Before it is said only its sender opens it, then who sees the message`(
        _ engine: Engine
    ) async throws {
        try await house(engine) { house in
            let taken = try await house.taken(try Picture.bytes(.png), as: "buyer")
            func who(_ people: [String?]) async throws -> [String?] {
                var may: [String?] = []
                for person in people
                where try await house.open(taken.upload, as: person).status == .ok {
                    may.append(person)
                }
                return may
            }
            let everybody = [
                "buyer", "other buyer", "elsewhere", "owner", "colleague", "lead", "director",
                "accountant", nil,
            ]
            #expect(try await who(everybody) == ["buyer"])
            let said = try await house.say(taken.upload)
            #expect(try await who(everybody) == ["buyer", "owner", "lead", "director"])
            try await house.withdraw(said)
            #expect(try await who(everybody) == ["director"])
        }
    }

    @Test
    func `Who may not see it learns nothing, not even that it exists`() async throws {
        try await house(.sqlite) { house in
            let taken = try await house.taken(try Picture.bytes(.png), as: "buyer")
            let foreign = try await house.open(taken.upload, as: "other buyer")
            let absent = try await house.open("123456", as: "other buyer")
            #expect(foreign.status == .notFound && absent.status == .notFound)
            #expect(String(buffer: foreign.body) == String(buffer: absent.body))
            #expect(code(try await house.open("abc", as: "buyer")) == "upload.unknown")
            #expect(code(try await house.open(taken.upload, as: nil)) == "session.none")
            #expect(
                code(try await house.open(taken.upload, as: "accountant")) == "permission.missing")
            #expect(code(try await house.send([1], as: nil)) == "session.none")
        }
    }

    @Test(arguments: Engine.allCases)
    func `A buyer who sends too many within an hour is asked to wait, staff are not`(
        _ engine: Engine
    ) async throws {
        let few = PolicySet(
            version: 1, effective: Instant(milliseconds: 0), values: [.uploadsPerHour: 2])
        try await house(engine, policy: few) { house in
            for number in 1...2 {
                _ = try await house.taken(Array("text \(number)".utf8), as: "buyer")
            }
            #expect(code(try await house.send(Array("3".utf8), as: "buyer")) == "upload.tooOften")
            _ = try await house.taken(Array("3".utf8), as: "other buyer")
            for number in 1...3 {
                _ = try await house.taken(Array("text \(number)".utf8), as: "owner")
            }
            house.store.clock.advance(.minutes(61))
            _ = try await house.taken(Array("3".utf8), as: "buyer")
        }
    }
}
