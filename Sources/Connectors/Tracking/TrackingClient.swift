package import Desk
import Foundation
import FoundationNetworking

/// Asks a tracking service of the kind of 快递100 what it knows of a parcel.
package struct TrackingClient: Sendable {
    /// Where it is and who we are to it; the operator's settings.
    package struct Account: Sendable {
        package let address: String
        package let customer: String
        package let key: String

        package init(address: String, customer: String, key: String) {
            self.address = address
            self.customer = customer
            self.key = key
        }
    }

    /// Why a question got no answer, in words.
    package enum Failure: Error, Sendable {
        /// No answer came, or not in time.
        case away
        /// An answer that cannot be read, or a status that is none.
        case odd(Int)
        case refused(TrackingReply.Refused)

        package var message: Localized {
            switch self {
            case .away:
                Localized(zh: "物流查询服务连不上", en: "The tracking service cannot be reached")
            case .odd(let status):
                Localized(
                    zh: "物流查询服务的回答看不懂（\(status)）",
                    en: "The tracking service gave an answer that cannot be read (\(status))")
            case .refused(let why):
                Localized(
                    zh: "物流查询被拒绝：\(why.message)（\(why.code)）",
                    en: "The tracking service refused: \(why.message) (\(why.code))")
            }
        }

        /// Whether asking again soon may help.
        var mayPass: Bool {
            switch self {
            case .away: true
            case .odd(let status): status >= 500
            case .refused: false
            }
        }
    }

    private let account: Account
    private let session: URLSession
    private let pause: Duration
    /// Attempts for one question.
    private static let attempts = 3

    /// - Parameter pause: before the second attempt; doubled before each further one.
    package init(_ account: Account, pause: Duration = .milliseconds(500)) {
        self.account = account
        self.pause = pause
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 10
        configuration.httpMaximumConnectionsPerHost = 4
        configuration.httpShouldSetCookies = false
        session = URLSession(configuration: configuration)
    }

    private struct Param: Encodable {
        let com: String
        let num: String
        let resultv2 = "4"
        let order = "asc"

        private enum CodingKeys: CodingKey { case com, num, resultv2, order }
    }

    /// - Throws: ``Failure`` after the last attempt.
    package func ask(carrier: String, waybill: WaybillNumber) async throws -> TrackingReply {
        var pause = pause
        for attempt in 1... {
            do {
                return try await once(carrier, waybill)
            } catch let failure as Failure {
                guard failure.mayPass, attempt < Self.attempts else { throw failure }
            }
            try await Task.sleep(for: pause)
            pause *= 2
        }
        throw Failure.away
    }

    private func once(_ carrier: String, _ waybill: WaybillNumber) async throws -> TrackingReply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let param = String(
            decoding: try encoder.encode(Param(com: carrier, num: waybill.text)), as: UTF8.self)
        let sign = TrackingSign.query(
            param: param, key: account.key, customer: account.customer)
        guard let url = URL(string: account.address) else { throw Failure.away }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue(
            "application/x-www-form-urlencoded; charset=utf-8", forHTTPHeaderField: "Content-Type")
        let form = [("customer", account.customer), ("param", param), ("sign", sign)]
        request.httpBody = Data(
            form.map { "\($0.0)=\(Self.escape($0.1))" }.joined(separator: "&").utf8)
        let data: Data
        let response: URLResponse
        do {
            (data, response) = try await session.data(for: request)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Failure.away
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status == 200, data.count < 1 << 20 else { throw Failure.odd(status) }
        do {
            return try TrackingReply(data)
        } catch let refused as TrackingReply.Refused {
            throw Failure.refused(refused)
        } catch {
            throw Failure.odd(status)
        }
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
