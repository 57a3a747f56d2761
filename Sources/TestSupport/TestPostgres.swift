import Foundation
package import SQLOnPostgres
import Synchronization

/// The PostgreSQL of one test run: the one that `QINKE_TEST_POSTGRES` names, or one that is started at the first need and
/// stopped when the process ends.
package enum TestPostgres {
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where it is; the database in it may be used, and others are made beside it.
    package static func address() throws -> PostgresAddress { try running.get() }

    /// An empty database of its own.
    package static func database(template: String = "template0") throws -> PostgresAddress {
        let server = try address()
        let name = "qinke_test_\(UUID().uuidString.lowercased().replacing("-", with: "_"))"
        try PostgresServer.run(
            [
                "CREATE DATABASE \(name) TEMPLATE \(template) ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ],
            at: server)
        return try server.naming(name)
    }

    package static func remove(_ database: PostgresAddress) {
        guard let server = try? address(), database.database != server.database else { return }
        try? PostgresServer.run(
            ["DROP DATABASE IF EXISTS \(database.database) WITH (FORCE)"], at: server)
    }

    private static let running: Result<PostgresAddress, any Error> = Result { try find() }

    private static func find() throws -> PostgresAddress {
        if let given = ProcessInfo.processInfo.environment["QINKE_TEST_POSTGRES"], !given.isEmpty {
            return try PostgresAddress(given)
        }
        let folder =
            "/tmp/qinke-postgres-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        return try PostgresAddress(
            try start(in: folder, until: ProcessInfo.processInfo.processIdentifier))
    }

    /// Starts one of its own, for tests that stop and start it.
    /// - Parameter process: with whose end it is stopped and removed.
    package static func start(
        in folder: String, until process: Int32, environment: [String: String] = [:]
    ) throws -> String {
        try script(["start", folder, "\(process)"], environment)
    }

    /// Runs `Scripts/postgres`.
    /// - Returns: what it printed.
    @discardableResult
    package static func script(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["bash", root.appending(path: "Scripts/postgres").path(percentEncoded: false)]
            + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Missing(
                description: """
                    These tests need PostgreSQL and got none: set QINKE_TEST_POSTGRES to the address of one in which databases \
                    may be made, or install it (Scripts/setup). \(String(decoding: said, as: UTF8.self))
                    """)
        }
        return String(decoding: printed, as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
    }
}
