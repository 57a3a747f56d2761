import CPQ

/// Where a PostgreSQL is, as its own tools write it: `postgres://user:password@host:port/database?sslmode=require`.
///
/// Everything libpq knows may stand in it (several hosts, `sslrootcert`, `options` …); what is missing comes from libpq's
/// own environment and password file. The address is never printed, only its ``description``, which has no password.
package struct PostgresAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Failure: Error, Hashable, Sendable {
        /// It is no address; the text is not repeated, since a password may stand in it.
        case unreadable
    }

    /// As it was given, the password included: never for people or logs.
    package let url: String
    private let parts: [String: String]

    package init(_ url: String) throws(Failure) {
        guard Self.isOne(url), let parts = Self.parse(url) else { throw .unreadable }
        self.url = url
        self.parts = parts
    }

    /// Whether a text is meant as an address of PostgreSQL.
    package static func isOne(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    package var host: String { parts["host"] ?? parts["hostaddr"] ?? "" }
    package var port: String { parts["port"] ?? "5432" }
    package var database: String { parts["dbname"] ?? parts["user"] ?? "" }
    package var user: String { parts["user"] ?? "" }
    package var hasSeveralHosts: Bool { host.contains(",") }

    /// The database's own address with another database's name, for making and removing databases.
    package func naming(_ database: String) throws(Failure) -> PostgresAddress {
        // Later keywords win, so a query item is enough whatever the path says.
        let mark = url.contains("?") ? "&" : "?"
        return try PostgresAddress(url + mark + "dbname=" + database)
    }

    /// Without the password.
    package var description: String {
        let name = user.isEmpty ? "" : user + "@"
        let place = host.isEmpty || host.hasPrefix("/") ? host : "\(host):\(port)"
        let end = parts["sslmode"].map { "?sslmode=\($0)" } ?? ""
        return "postgres://\(name)\(place)/\(database)\(end)"
    }

    package var debugDescription: String { description }

    private static func parse(_ url: String) -> [String: String]? {
        guard !url.utf8.contains(0), let options = PQconninfoParse(url, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                parts[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return parts
    }
}
