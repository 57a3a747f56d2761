import Desk
import Foundation
import SQL
package import SQLOnPostgres
import Storage
import Synchronization

/// Migrated, empty databases for tests on PostgreSQL, lent to one test at a time.
///
/// Making one takes the server a good part of a second, so one that comes back is emptied and lent again, under a new
/// name: whoever still holds the old address reaches nothing.
package actor TestDatabases {
    package static let shared = TestDatabases()

    /// Lent at the same time, so that all tests together stay below the server's number of connections.
    private static let most = 24

    private var free: [String] = []
    private var lent = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var template: Task<Template, any Error>?

    private struct Template: Sendable {
        let database: String
        let server: PostgresAddress
        /// Which tables it has and how it was migrated, to notice a test that changed that.
        let shape: String
        let tables: [String]
    }

    package func take() async throws -> PostgresAddress {
        while lent >= Self.most { await withCheckedContinuation { waiting.append($0) } }
        lent += 1
        do {
            let template = try await prepared()
            if let name = free.popLast() { return try template.server.naming(name) }
            return try await offPool { try TestPostgres.database(template: template.database) }
        } catch {
            lent -= 1
            throw error
        }
    }

    /// Returns at once; the emptying is done on a thread of its own.
    package nonisolated func giveBack(
        _ address: PostgresAddress, after close: @escaping @Sendable () -> Void
    ) {
        Thread.detachNewThread {
            close()
            Task { await self.takeBack(address) }
        }
    }

    private func takeBack(_ address: PostgresAddress) async {
        if let template = try? await prepared(),
            let name = try? await offPool({ try Self.empty(address, template) })
        {
            free.append(name)
        } else {
            try? await offPool { TestPostgres.remove(address) }
        }
        lent -= 1
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }

    private func prepared() async throws -> Template {
        if let template { return try await template.value }
        let task = Task {
            let address = try await offPool { try TestPostgres.database() }
            let database = try await offPool {
                try PostgresDatabase(address, beforeCommit: EventLog.writeCounters)
            }
            _ = try await Migrator.qinke.migrate(database, at: TestClock().now.milliseconds)
            let tables = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'
                    ORDER BY tablename
                    """
                ).map { try $0.get(0, as: String.self) }
            }
            return try await offPool {
                try database.close()
                return Template(
                    database: address.database, server: try TestPostgres.address(),
                    shape: try Self.shape(address), tables: tables)
            }
        }
        template = task
        return try await task.value
    }

    /// - Returns: its new name.
    private static func empty(_ address: PostgresAddress, _ template: Template) throws -> String {
        guard try shape(address) == template.shape else { throw Changed() }
        let full = try PostgresServer.rows(
            template.tables.map { "SELECT '\($0)' WHERE EXISTS (SELECT 1 FROM \"\($0)\")" }
                .joined(separator: " UNION ALL "), at: address
        ).map { try $0.get(0, as: String.self) }
        // Rows that others refer to go in any order.
        try PostgresServer.run(
            ["SET session_replication_role = replica"] + full.map { "DELETE FROM \"\($0)\"" },
            at: address)
        let name = TestPostgres.newName()
        try PostgresServer.run(
            [
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(address.database)'",
                "ALTER DATABASE \(address.database) RENAME TO \(name)",
            ], at: template.server)
        return name
    }

    private struct Changed: Error {}

    private static func shape(_ address: PostgresAddress) throws -> String {
        try PostgresServer.rows(
            """
            SELECT (SELECT string_agg(number || ':' || digest, ' ' ORDER BY number) FROM migration) || ' ' ||
                (SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public') || ' ' ||
                (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public')
            """, at: address
        ).first?.get(0) ?? ""
    }
}

/// Waits for something that blocks on a thread that nobody else needs.
func offPool<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
