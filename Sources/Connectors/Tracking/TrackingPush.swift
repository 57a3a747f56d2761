import Foundation

/// What a tracking service pushes: a form with a JSON text and its signature.
package enum TrackingPush {
    package enum Failure: Error, Hashable, Sendable {
        case malformed, badSignature
    }

    /// - Parameter form: `sign=…&param=…`, as `application/x-www-form-urlencoded`.
    package static func read(_ form: String, salt: String) throws -> TrackingReply {
        var fields: [String: String] = [:]
        for pair in form.split(separator: "&").prefix(20) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].replacingOccurrences(of: "+", with: " ")
            fields[String(parts[0])] = value.removingPercentEncoding
        }
        guard let param = fields["param"], let sign = fields["sign"] else {
            throw Failure.malformed
        }
        guard TrackingSign.isSame(sign, TrackingSign.push(param: param, salt: salt)) else {
            throw Failure.badSignature
        }
        guard
            let object = try? JSONSerialization.jsonObject(with: Data(param.utf8)),
            let last = (object as? [String: Any])?["lastResult"],
            JSONSerialization.isValidJSONObject(last),
            let data = try? JSONSerialization.data(withJSONObject: last),
            let reply = try? TrackingReply(data)
        else { throw Failure.malformed }
        return reply
    }
}
