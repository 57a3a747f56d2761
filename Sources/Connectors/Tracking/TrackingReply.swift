package import Desk
package import Foundation

/// What a tracking service says of one parcel, read from its JSON.
package struct TrackingReply: Sendable {
    package let carrier: String
    package let waybill: String
    package let events: [ParcelEvent]

    /// Why there is no track.
    package struct Refused: Error, Hashable, Sendable {
        package let code: String
        package let message: String

        package init(code: String, message: String) {
            self.code = code
            self.message = message
        }

        /// The carrier has nothing yet, which is no fault.
        package var isNothingYet: Bool { code == "500" || code == "501" }
    }

    private struct Wire: Decodable {
        struct Step: Decodable {
            let time: String?
            let ftime: String?
            let context: String?
            let status: String?
            let statusCode: String?
            let areaName: String?
            let location: String?
        }
        let message: String?
        let returnCode: String?
        let com: String?
        let nu: String?
        let state: String?
        let data: [Step]?
    }

    /// - Throws: ``Refused`` for an answer without a track, `DecodingError` for what is no answer.
    package init(_ json: Data) throws {
        let wire = try JSONDecoder().decode(Wire.self, from: json)
        guard let steps = wire.data, let number = wire.nu else {
            throw Refused(
                code: String((wire.returnCode ?? "").prefix(20)),
                message: String((wire.message ?? "").prefix(200)))
        }
        carrier = wire.com ?? ""
        waybill = number
        // The newest step is the one that the whole's state speaks of.
        let newest = steps.compactMap { Self.instant($0.ftime ?? $0.time ?? "") }.max()
        events = steps.prefix(500).compactMap { step in
            guard let at = Self.instant(step.ftime ?? step.time ?? "") else { return nil }
            let own = step.statusCode.flatMap { Int($0) }.flatMap(CarrierCode.status)
            let whole =
                at == newest ? wire.state.flatMap { Int($0) }.flatMap(CarrierCode.status) : nil
            let text = step.context ?? ""
            return ParcelEvent(
                at: at, status: own ?? whole ?? Self.status(of: step.status ?? "", text),
                text: text, location: step.location ?? step.areaName ?? "")
        }
    }

    /// Words that steps without a code have.
    private static let words: [(String, ParcelStatus)] = [
        ("退回签收", .returned), ("拒签", .refused), ("拒收", .refused), ("退回", .returning),
        ("签收", .delivered), ("派件", .outForDelivery), ("派送", .outForDelivery),
        ("驿站", .atLocker), ("快递柜", .atLocker), ("代收", .atLocker), ("疑难", .exception),
        ("揽收", .pickedUp), ("揽件", .pickedUp), ("下单", .created),
    ]

    private static func status(of word: String, _ text: String) -> ParcelStatus {
        for (mark, status) in words where word.contains(mark) { return status }
        return word.isEmpty
            ? words.first { text.contains($0.0) }?.1 ?? .inTransit : .inTransit
    }

    /// `2024-01-02 03:04:05` by Chinese time.
    static func instant(_ text: String) -> Instant? {
        guard
            let match = text.wholeMatch(
                of: /(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            let hour = Int(match.4), let minute = Int(match.5), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60
        else { return nil }
        let second = match.6.flatMap { Int($0) } ?? 0
        var calendar = Calendar(identifier: .gregorian)
        guard let zone = TimeZone(secondsFromGMT: 8 * 3_600) else { return nil }
        calendar.timeZone = zone
        let parts = DateComponents(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let date = calendar.date(from: parts) else { return nil }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970) * 1_000)
    }
}
