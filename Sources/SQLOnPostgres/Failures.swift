import CPQ
import SQL

extension SQLError {
    /// What a failed statement says, by its SQLSTATE (PostgreSQL's manual, appendix A).
    ///
    /// The server's detail and context are left out, since they show values.
    init(failed result: OpaquePointer) {
        func field(_ code: Character) -> String {
            guard let ascii = code.asciiValue,
                let text = PQresultErrorField(result, Int32(ascii))
            else { return "" }
            return String(cString: text)
        }
        self.init(state: field("C"), message: field("M"), rule: field("n"))
    }

    init(state: String, message: String, rule: String = "") {
        switch state {
        case "23505": self = .unique(rule: rule)
        case "23503": self = .foreignKey
        case "23514", "23502", "23P01": self = .check(rule: rule.isEmpty ? message : rule)
        case "40001", "40P01", "55P03": self = .retry(message)
        // A statement whose shape a migration changed meanwhile; prepared anew, it runs.
        case "0A000" where message.contains("cached plan"): self = .retry(message)
        case "57014": self = .timedOut
        case "53100": self = .full
        case "25006": self = .readOnly
        case "53300": self = .away(StoreAway(.tooManyConnections, message))
        case "28P01", "28000": self = .away(StoreAway(.password, message))
        case "3D000": self = .away(StoreAway(.noSuchDatabase, message))
        case "57P03": self = .away(StoreAway(.starting, message))
        case "57P01", "57P02", "57P04", "57P05", "25P03": self = .away(StoreAway(.lost, message))
        case "XX001", "XX002": self = .corrupt(message)
        default:
            if state.hasPrefix("08") {
                self = .away(StoreAway(.lost, message))
            } else {
                // Class 22 (data) quotes the value behind a colon.
                let words =
                    state.hasPrefix("22") ? String(message.prefix { $0 != ":" }) : message
                self = .other(code: Int(state, radix: 36) ?? 0, message: "\(state) \(words)")
            }
        }
    }
}

extension StoreAway {
    /// Why connecting failed; libpq gives words only.
    init(connecting message: String) {
        let words = message.split(separator: "\n").joined(separator: " ")
        func says(_ parts: String...) -> Bool { parts.contains { message.contains($0) } }
        // The last line of several hosts decides; these words are the server's and libpq's own.
        if says("too many clients", "too many connections", "remaining connection slots") {
            self.init(.tooManyConnections, words)
        } else if says(
            "authentication failed", "no password supplied", "no pg_hba.conf entry", "role \"")
            && !says("SSL off", "no encryption")
        {
            self.init(.password, words)
        } else if says("database \"") && says("does not exist") {
            self.init(.noSuchDatabase, words)
        } else if says("starting up", "shutting down", "in recovery mode", "not yet accepting") {
            self.init(.starting, words)
        } else if says("SSL", "certificate", "no encryption") {
            self.init(.tls, words)
        } else {
            self.init(.unreachable, words)
        }
    }
}
