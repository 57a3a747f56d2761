import Connectors
import Desk
import Foundation
package import Hummingbird
import Logging
import NIOCore
package import Storage

/// Where a tracking service pushes what it learns; who it is, its signature tells.
package struct TrackingRoutes: Sendable {
    private let logistics: Logistics
    /// Empty: nothing may be pushed.
    private let salt: String
    /// Bytes of one push.
    private static let most = 256 << 10

    package init(_ logistics: Logistics, salt: String) {
        self.logistics = logistics
        self.salt = salt
    }

    package var routes: [Route] { [.open(.post, "/v1/tracking", take)] }

    private struct Answer: Encodable {
        let result: Bool
        let returnCode: String
        let message: String
    }

    @Sendable
    private func take(_ request: Request, _ visit: Visit) async throws -> Response {
        guard !salt.isEmpty else {
            throw Refusal(
                .forbidden, "tracking.off", zh: "没有开启物流推送", en: "Pushing tracks is not set up",
                instead: Localized(
                    zh: "请在设置里写 trackingSalt", en: "Set trackingSalt in the settings"))
        }
        let body = try await request.collect(
            upTo: Self.most, within: .seconds(WebLimits.bodySeconds))
        let reply: TrackingReply
        do {
            reply = try TrackingPush.read(String(buffer: body), salt: salt)
        } catch TrackingPush.Failure.badSignature {
            throw Refusal(
                .forbidden, "tracking.signature", zh: "签名不对", en: "The signature is wrong")
        } catch {
            throw Refusal(
                .invalid, "tracking.malformed", zh: "推送的内容看不懂",
                en: "The push cannot be read")
        }
        guard let waybill = WaybillNumber(reply.waybill),
            let shop = request.uri.queryParameters["shop"].map({ String($0) })
        else {
            throw Refusal(
                .invalid, "tracking.malformed", zh: "推送的内容看不懂",
                en: "The push cannot be read")
        }
        let isOurs = try await logistics.push(
            reply.events, carrier: reply.carrier, waybill: waybill, toShop: shop)
        // What is not ours is taken all the same, or it would come again and again.
        return try .json(
            Answer(
                result: true, returnCode: "200", message: isOurs ? "成功" : "成功（没有这个包裹）"))
    }
}
