package import Desk
package import Hummingbird
import NIOCore
package import SQL

/// What the shell itself refuses, and how failures of the store are told to people.
extension Refusal {
    /// The refusal that stands for an error, on HTTP and on the socket.
    /// - Returns: nil for errors nobody expected; tell those as ``unexpected(_:)`` and log them.
    package static func of(_ error: any Error) -> Refusal? {
        switch error {
        case let refusal as Refusal: refusal
        case let answer as RefusedWith: answer.refusal
        case let error as SQLError: of(error)
        case let error as DecodingError: malformed(error)
        case is NIOTooManyBytesError: bodyTooLarge(limit: WebLimits.body)
        case let error as HTTPError: of(error.status)
        default: nil
        }
    }

    /// The store's failures that people can do something about.
    package static func of(_ error: SQLError) -> Refusal? {
        switch error {
        case .busy, .retry, .closed: .busy
        case .full:
            Refusal(
                .full, "store.full", zh: "服务器的磁盘已满，这次操作没有保存",
                en: "The server's disk is full; this was not saved",
                instead: .init(
                    zh: "请联系管理员清理磁盘；腾出空间后会自动恢复",
                    en: "Ask whoever runs the server to free space; it recovers by itself"),
                retry: true)
        case .readOnly:
            Refusal(
                .full, "store.readOnly", zh: "服务器目前只能读取，这次操作没有保存",
                en: "The server can only read at present; this was not saved",
                instead: .init(
                    zh: "请联系管理员运行 qinke doctor", en: "Ask whoever runs it to run qinke doctor"),
                retry: true)
        case .away: storeAway
        case .uncertain:
            Refusal(
                .busy, "store.uncertain", zh: "和数据库的连接刚刚断开，还不知道这次操作有没有保存",
                en:
                    "The link to the database was cut just now; whether this was saved is not known yet",
                instead: .init(
                    zh: "请用同样的内容再试一次，不会重复", en: "Try the same once more; nothing is doubled"),
                retry: true)
        case .timedOut:
            Refusal(
                .busy, "store.slow", zh: "数据库太久没有答复，这次操作没有完成",
                en: "The database took too long to answer; this was not done",
                instead: .init(
                    zh: "请稍后再试；若仍然如此，请联系管理员",
                    en: "Try again a little later; if it stays, tell whoever runs the server"),
                retry: true)
        case .unique, .foreignKey, .check, .corrupt, .unexpected, .other: nil
        }
    }

    package static let storeAway = Refusal(
        .busy, "store.away", zh: "数据库暂时连不上，这次操作没有保存",
        en: "The database cannot be reached just now; this was not saved",
        instead: .init(
            zh: "请稍后再试；恢复后会自动继续",
            en: "Try again a little later; it goes on by itself when it is back"),
        retry: true)

    /// What Hummingbird or the HTTP parser refused.
    private static func of(_ status: HTTPResponse.Status) -> Refusal? {
        switch status.code {
        case 404: noRoute
        case 405: noRoute
        case 413: bodyTooLarge(limit: WebLimits.body)
        case 400...499:
            Refusal(.invalid, "request.malformed", zh: "请求的格式不对", en: "The request is malformed")
        default: nil
        }
    }

    /// A failure of ours; `id` finds it in the log.
    package static func unexpected(_ id: String) -> Refusal {
        Refusal(
            .failed, "server.failed", zh: "服务器出错了（编号 \(id)）",
            en: "Something failed on the server (number \(id))",
            instead: .init(
                zh: "请重试；若仍然如此，请把编号告诉管理员",
                en: "Try again; if it stays, tell the number to whoever runs the server"))
    }

    package static let noRoute = Refusal(
        .unknown, "route.unknown", zh: "没有这个地址", en: "There is nothing at this address")

    package static func bodyTooLarge(limit: Int) -> Refusal {
        Refusal(
            .tooLarge, "body.tooLarge", zh: "内容太大，最多 \(limit >> 10) KiB",
            en: "Too large; at most \(limit >> 10) KiB")
    }

    package static let bodySlow = Refusal(
        .invalid, "body.slow", zh: "内容传得太慢，连接已放弃", en: "The body came too slowly", retry: true)

    /// A body that is no JSON, or not the JSON that was asked for.
    package static func malformed(_ error: DecodingError) -> Refusal {
        let (path, zh, en) =
            switch error {
            case .keyNotFound(let key, let at): (at.codingPath + [key], "缺少这一项", "is missing")
            case .valueNotFound(_, let at): (at.codingPath, "不能为空", "must not be null")
            case .typeMismatch(_, let at): (at.codingPath, "类型不对", "has the wrong type")
            case .dataCorrupted(let at): (at.codingPath, "看不懂", "cannot be read")
            @unknown default: ([], "看不懂", "cannot be read")
            }
        let field = path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return Refusal(
            .invalid, "body.malformed",
            zh: field.isEmpty ? "内容不是正确的 JSON" : "“\(field)”\(zh)",
            en: field.isEmpty ? "The body is not the JSON expected" : "\"\(field)\" \(en)",
            field: field.isEmpty ? nil : field)
    }
}

/// A refusal with more to say than its own fields: headers, and extra members of `error`.
package struct RefusedWith: Error {
    package let refusal: Refusal
    package let headers: HTTPFields
    /// Members beside `code` and `message`, such as `wait`.
    package let extra: [String: WireValue]

    package init(
        _ refusal: Refusal, extra: [String: WireValue] = [:], headers: HTTPFields = [:]
    ) {
        self.refusal = refusal
        self.headers = headers
        self.extra = extra
    }
}

/// A JSON value that an answer is put together from.
package enum WireValue: Encodable, Sendable, Hashable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case object([String: WireValue])
    case list([WireValue])
    case null

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}

/// The one shape of every failure on the wire, `Docs/api.md` §1.
package struct WireError: Encodable, Sendable {
    package let refusal: Refusal
    package let extra: [String: WireValue]

    package init(_ refusal: Refusal, extra: [String: WireValue] = [:]) {
        self.refusal = refusal
        self.extra = extra
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Name.self)
        try values.encode(refusal.code, forKey: Name("code"))
        try values.encode(refusal.message, forKey: Name("message"))
        try values.encodeIfPresent(refusal.instead, forKey: Name("instead"))
        try values.encode(refusal.retry, forKey: Name("retry"))
        try values.encodeIfPresent(refusal.field, forKey: Name("field"))
        for (name, value) in extra { try values.encode(value, forKey: Name(name)) }
    }
}

/// ``WireError`` inside `{"error":…}`, as HTTP answers it.
struct WireFailure: Encodable {
    let error: WireError
}
