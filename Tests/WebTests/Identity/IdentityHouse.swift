import Desk
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Realtime
import Storage
import TestSupport

@testable import Web

/// Takes no image; these tests send none.
private struct NoImages: ImageCleaner {
    func clean(_ file: URL, limits: UploadLimits) async throws -> CleanImage {
        throw Refusal.busy
    }
}

/// The whole web over a store of one test, without a socket.
struct IdentityHouse: Sendable {
    let store: TestStore
    let identity: Identity
    let table: RouteTable

    static func open(_ engine: Engine = .sqlite) async throws -> IdentityHouse {
        let store = try await engine.store()
        let identity = store.identity()
        let logger = Logger(label: "test")
        let hub = Hub(deliver: { _ in })
        let policy: @Sendable (ShopID) -> PolicySet = { identity.policies.now($0) }
        let conversations = ConversationService(
            carryOut: identity.carryOut, hub: hub,
            converse: Converse(claimUpload: UploadStore.claim), policy: policy, logger: logger)
        let presence = PresenceService(
            carryOut: identity.carryOut, hub: hub, policy: policy, logger: logger)
        let desk = ConversationDesk(
            conversations: conversations, presence: presence, hub: hub, logger: logger)
        let files = try BlobFolder(store.folder.appending(path: "files"))
        let imports = ImportRoutes(
            ImportStore(identity.carryOut), blobs: files, policy: policy)
        let exports = ExportRoutes(
            ExportStore(identity.carryOut), shops: identity.shops, policy: policy,
            clock: { store.clock.now })
        let routes =
            imports.routes + exports.routes + IdentityRoutes.all(identity, conversations)
            + ConversationRoutes(desk: desk, policy: policy).routes + LongPolls(desk: desk).routes
            + ParcelRoutes(Logistics(identity.carryOut)).routes
            + TrackingRoutes(Logistics(identity.carryOut), salt: "盐").routes
            + SearchRoutes(database: store.database, clock: { store.clock.now }).routes
            + UploadRoutes(
                carryOut: identity.carryOut, blobs: files, images: NoImages(), policy: policy
            ).routes
        return IdentityHouse(
            store: store, identity: identity,
            table: RouteTable(routes, callers: IdentityCallers(identity.principals)))
    }

    /// How a test calls: by cookie from our own page, by token, or as nobody.
    enum Proof {
        case none
        case cookie(String)
        case bearer(String)
        /// A cookie on a request that another site's page made.
        case stolenRide(String, origin: String?)
    }

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: String

        var code: String? { object("error")?["code"] as? String }
        var cookie: String? {
            headers[.setCookie]?.split(separator: ";").first?.split(separator: "=").last.map(
                String.init)
        }

        func object(_ name: String) -> [String: Any]? { whole[name] as? [String: Any] }
        func list(_ name: String) -> [[String: Any]] { whole[name] as? [[String: Any]] ?? [] }

        var whole: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        }
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ proof: Proof = .none, _ body: String? = nil,
        headers more: HTTPFields = [:]
    ) async throws -> Answer {
        var services = WebServices(version: "test")
        services.routes = [table]
        let app = Application(router: makeRouter(services))
        var headers = more
        switch proof {
        case .none: break
        case .cookie(let secret):
            headers[.cookie] = "other=1; qinke_session=\(secret)"
            if headers[.origin] == nil { headers[.origin] = "http://localhost" }
        case .bearer(let secret): headers[.authorization] = "Bearer \(secret)"
        case .stolenRide(let secret, let origin):
            headers[.cookie] = "qinke_session=\(secret)"
            headers[.origin] = origin
        }
        let fields = headers
        return try await app.test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: fields,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(
                    status: response.status.code, headers: response.headers,
                    body: String(buffer: response.body))
            }
        }
    }
}
