import Connectors
import Desk
import Foundation
import Hummingbird
import NIOCore
import Synchronization

/// A tracking service of our own, for trials and tests: signed questions like 快递100's, and faults on demand.
///
/// It listens on loopback only. A number's track follows from the number alone, counted from its first question.
final class CarrierSimulator: Sendable {
    /// What goes wrong.
    struct Moods: Codable, Sendable {
        /// Parcels stand still half way.
        var late = false
        /// Parcels go to a province where their buyer is not.
        var wrong = false
        /// Every step is told twice.
        var doubled = false
        /// Steps are told in no order.
        var mixed = false
        /// No answer but an error.
        var down = false
    }

    private let customer: String
    private let key: String
    /// Simulated hours in one second.
    private let hoursPerSecond: Double
    private let clock: @Sendable () -> Instant
    private let moods: Mutex<Moods>
    private let seen = Mutex<[String: Instant]>([:])
    private static let mostSeen = 100_000

    init(
        customer: String, key: String, hoursPerSecond: Double, moods: Moods,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.customer = customer
        self.key = key
        self.hoursPerSecond = hoursPerSecond
        self.moods = Mutex(moods)
        self.clock = clock
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("/poll/query.do") { [self] request, _ in
            let body = try await request.body.collect(upTo: 64 << 10)
            return answer(String(buffer: body))
        }
        router.get("/moods") { [self] _, _ in try Self.json(moods.withLock { $0 }) }
        router.post("/moods") { [self] request, _ in
            let body = try await request.body.collect(upTo: 4 << 10)
            guard
                let next = try? JSONDecoder().decode(
                    Moods.self, from: Data(body.readableBytesView))
            else {
                return Response(status: .badRequest)
            }
            moods.withLock { $0 = next }
            return try Self.json(next)
        }
        return router
    }

    private struct Param: Decodable {
        let com: String
        let num: String
    }

    private struct Reply: Encodable {
        struct Step: Encodable {
            let time: String
            let ftime: String
            let context: String
            let status: String
            let statusCode: String
            let areaName: String
        }
        let message: String
        let state: String
        let com: String
        let nu: String
        let data: [Step]
    }

    private struct Refusal: Encodable {
        let result = false
        let returnCode: String
        let message: String

        private enum CodingKeys: CodingKey { case result, returnCode, message }
    }

    private static func json(_ value: some Encodable) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(value))))
    }

    private func answer(_ form: String) -> Response {
        let moods = moods.withLock { $0 }
        if moods.down { return Response(status: .serviceUnavailable) }
        var fields: [String: String] = [:]
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] =
                parts[1].replacingOccurrences(of: "+", with: " ").removingPercentEncoding
        }
        guard let param = fields["param"], let sign = fields["sign"],
            fields["customer"] == customer,
            TrackingSign.isSame(
                sign, TrackingSign.query(param: param, key: key, customer: customer))
        else {
            return (try? Self.json(Refusal(returnCode: "503", message: "验证签名失败")))
                ?? Response(status: .ok)
        }
        guard let asked = try? JSONDecoder().decode(Param.self, from: Data(param.utf8)),
            let reply = reply(asked, moods), let answer = try? Self.json(reply)
        else {
            return (try? Self.json(Refusal(returnCode: "500", message: "查询无结果，请隔段时间再查")))
                ?? Response(status: .ok)
        }
        return answer
    }

    /// Hours after collection, status, words; `{to}` is where it goes.
    private static let steps: [(Double, Int, String)] = [
        (0, 103, "【杭州市】快件已被揽收"), (4, 1002, "【杭州市】快件离开杭州转运中心，发往{to}"),
        (22, 1002, "快件到达【{to}】转运中心"), (30, 1001, "快件到达【{to}】营业部"),
        (33, 5, "【{to}】快递员正在派送"), (36, 301, "【{to}】已签收，签收人：本人"),
    ]
    private static let places = ["广州市", "武汉市", "成都市", "西安市", "沈阳市", "昆明市"]

    private func reply(_ asked: Param, _ moods: Moods) -> Reply? {
        let now = clock()
        let hash = asked.num.utf8.reduce(UInt64(5381)) { ($0 &* 33) ^ UInt64($1) }
        let start = seen.withLock { seen in
            if seen.count >= Self.mostSeen { seen = [:] }
            if let known = seen[asked.num] { return known }
            seen[asked.num] = now
            return now
        }
        let passed = Double((now - start).milliseconds) / 1_000 * hoursPerSecond
        let at = Int(hash % UInt64(Self.places.count))
        let to = Self.places[moods.wrong ? (at + 1) % Self.places.count : at]
        let last = moods.late ? 22.0 : 1_000
        var told = Self.steps.filter { $0.0 <= passed && $0.0 <= last }
        guard let newest = told.last else { return nil }
        if moods.wrong, told.count > 3 {
            told.append((newest.0, 1002, "快件到达【乌鲁木齐市】转运中心"))
        }
        var steps = told.map { hours, code, text in
            // What is simulated fast still lies in the past.
            let before = (passed - hours) / max(hoursPerSecond, 0.000_1)
            let moment = Self.text(now - Span(milliseconds: Int64(before * 1_000)))
            return Reply.Step(
                time: moment, ftime: moment,
                context: text.replacingOccurrences(of: "{to}", with: to),
                status: "在途", statusCode: String(code), areaName: "")
        }
        if moods.doubled { steps += steps }
        if moods.mixed { steps.reverse() }
        return Reply(
            message: "ok", state: String(newest.1), com: asked.com, nu: asked.num, data: steps)
    }

    private static func text(_ at: Instant) -> String {
        let day = Date(timeIntervalSince1970: Double(at.milliseconds / 1_000))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3_600) ?? .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: day)
        func two(_ number: Int?) -> String {
            let number = number ?? 0
            return number < 10 ? "0\(number)" : "\(number)"
        }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day)) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    }
}
