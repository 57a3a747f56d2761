import Foundation
import Glibc
import SQL
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
        let name = newName()
        try PostgresServer.run(
            [
                "CREATE DATABASE \(name) TEMPLATE \(template) ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ],
            at: server)
        return try server.naming(name)
    }

    /// With this process's number, so that another run can tell what was left behind.
    static func newName() -> String {
        let number = made.withLock { made in
            made += 1
            return made
        }
        return "qinke_test_\(ProcessInfo.processInfo.processIdentifier)_\(number)"
    }

    private static let made = Mutex(0)

    /// Removes the databases of runs that have ended.
    private static func sweep(_ server: PostgresAddress) throws {
        let names = try PostgresServer.rows(
            "SELECT datname FROM pg_database WHERE datname LIKE 'qinke\\_test\\_%'", at: server
        ).map { try $0.get(0, as: String.self) }
        for name in names {
            let process = name.split(separator: "_").dropFirst(2).first.flatMap { Int32($0) }
            guard let process,
                process == ProcessInfo.processInfo.processIdentifier || kill(process, 0) != 0
            else { continue }
            try? PostgresServer.run(["DROP DATABASE IF EXISTS \(name) WITH (FORCE)"], at: server)
        }
    }

    package static func remove(_ database: PostgresAddress) {
        guard let server = try? address(), database.database != server.database else { return }
        try? PostgresServer.run(
            ["DROP DATABASE IF EXISTS \(database.database) WITH (FORCE)"], at: server)
    }

    private static let running: Result<PostgresAddress, any Error> = Result { try find() }

    private static func find() throws -> PostgresAddress {
        if let given = ProcessInfo.processInfo.environment["QINKE_TEST_POSTGRES"], !given.isEmpty {
            let server = try PostgresAddress(given)
            try sweep(server)
            return server
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
        let script = root.appending(path: "Scripts/postgres").path(percentEncoded: false)
        let (code, printed) = try run(["/usr/bin/env", "bash", script] + arguments, environment)
        guard code == 0 else {
            throw Missing(
                description: """
                    These tests need PostgreSQL and got none: set QINKE_TEST_POSTGRES to the address of one in which databases \
                    may be made, or install it (Scripts/setup).
                    """)
        }
        return printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs a program to its end; its errors go where this process's do.
    ///
    /// Foundation's `Process` waits for whoever inherited its descriptors, here the server that is left running.
    private static func run(
        _ arguments: [String], _ environment: [String: String]
    ) throws -> (code: Int32, printed: String) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Missing(description: "no pipe: \(errno)") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        let words = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = words.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in argv + envp { free(word) } }
        var child: pid_t = 0
        let failure = posix_spawn(&child, arguments[0], &actions, nil, argv, envp)
        close(ends[1])
        defer { close(ends[0]) }
        guard failure == 0 else { throw Missing(description: "cannot run bash: \(failure)") }
        var printed: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count > 0 {
                printed += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return (status, String(decoding: printed, as: UTF8.self))
    }
}
