package import Desk
package import SQL

/// First answers of commands, by the sender's key, so that a retry gets the same one.
package enum CommandAnswers {
    /// How long a key is remembered; longer than any client retries.
    package static let keptFor = Span.days(7)

    static func earlier(
        _ key: String, digest: Int64, by actor: Actor, in act: Act
    ) throws -> Converse.Answer? {
        guard
            let row = try act.transaction.first(
                """
                SELECT digest, answer FROM command_answer WHERE shop = \(act.shop)
                AND actor_kind = \(actor.kind.rawValue) AND actor = \(actor.id ?? 0) AND key = \(key)
                """)
        else { return nil }
        guard try row.get(0) == digest else { throw ClientKey.reused }
        return try JSON.value(try row.get(1, as: String.self))
    }

    static func keep(
        _ answer: Converse.Answer, _ key: String, digest: Int64, by actor: Actor, in act: Act
    ) throws {
        try act.transaction.run(
            """
            INSERT INTO command_answer (shop, actor_kind, actor, key, digest, answer, at)
            VALUES (\(act.shop), \(actor.kind.rawValue), \(actor.id ?? 0), \(key), \(digest),
                \(try JSON.text(answer)), \(act.at))
            """)
    }

    /// Forgets a bounded number of old keys.
    package static func sweep(before: Int64, limit: Int, in transaction: Transaction) throws {
        try transaction.run(
            """
            DELETE FROM command_answer WHERE (shop, actor_kind, actor, key) IN
                (SELECT shop, actor_kind, actor, key FROM command_answer WHERE at < \(before) LIMIT \(limit))
            """)
    }
}
