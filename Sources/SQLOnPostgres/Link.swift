import CPQ
import Foundation
import Glibc
import SQL

/// One connection to PostgreSQL in libpq's pipeline mode: what is only sent waits in a queue, and goes out together with the
/// next statement whose answer is wanted.
///
/// Used by one thread at a time.
final class Link {
    struct Limits: Sendable {
        /// Seconds for making a connection.
        var connect = 5
        /// Milliseconds a statement may take on the server, and wait for another's lock.
        var statement = 30_000
        var lock = 10_000
        /// Milliseconds a transaction may stand open with nothing to do before the server ends it, so that a process that
        /// hangs does not keep others out.
        var idleInTransaction = 30_000
    }

    struct Answer {
        var rows: [Row] = []
        var changed = 0
        /// What the server calls what it did, such as `COMMIT`.
        var tag = ""
    }

    private enum Pending {
        /// A statement was sent for preparing, by its text.
        case prepare(String)
        /// A statement was sent for running.
        case run
        /// The question for the transaction's number was sent.
        case number
        /// The end of what was sent together.
        case sync
    }

    /// Statements queued at most before they are waited for, so that neither side's memory grows.
    private static let mostPending = 400
    /// The program's statements are far fewer; a list of changing length makes many texts of one statement.
    private static let mostPrepared = 500

    let pg: OpaquePointer
    private let limits: Limits
    private var pending: [Pending] = []
    private var prepared = PreparedNames()
    private var bound = Bound()
    private var isClosed = false
    /// The first failure since the transaction, or the savepoint rolled back to, began.
    private(set) var failure: SQLError?
    /// The number of the open transaction at the server, once an answer was waited for; see ``Link/begin()``.
    private(set) var transactionNumber: String?
    /// How often answers were waited for.
    private(set) var trips = 0
    /// False when the link was cut; nothing but ``close()`` makes sense then.
    private(set) var isAlive = true

    /// Connects, and makes the session as this program needs it.
    /// - Throws: ``SQLError/away(_:)``
    init(to address: PostgresAddress, _ limits: Limits, purpose: String) throws {
        self.limits = limits
        pg = try Self.connect(address, limits, purpose)
        do {
            try prepareSession()
        } catch {
            PQfinish(pg)
            isClosed = true
            throw error
        }
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        isAlive = false
        PQfinish(pg)
    }

    /// The descriptor that becomes readable when the server says something.
    var descriptor: Int32 { PQsocket(pg) }

    /// Number of the server's process, as `pg_stat_activity` has it.
    var serverProcess: Int32 { PQbackendPID(pg) }

    /// For ending the running statement from another thread; freed by `PQfreeCancel`.
    func cancelHandle() -> OpaquePointer? { PQgetCancel(pg) }

    // MARK: - Connecting

    private static func connect(
        _ address: PostgresAddress, _ limits: Limits, _ purpose: String
    ) throws -> OpaquePointer {
        // What stands before `dbname` may be said otherwise by the address, what stands after it may not.
        var words: [(String, String)] = [
            ("connect_timeout", String(max(2, limits.connect))),
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("application_name", "qinke \(purpose)"),
        ]
        // Of several servers, the one that takes writes; a single one that does not is named by what it refuses.
        if address.hasSeveralHosts { words.append(("target_session_attrs", "read-write")) }
        words.append(("dbname", address.url))
        words.append(("client_encoding", "UTF8"))
        let strings = words.map { (strdup($0.0), strdup($0.1)) }
        defer {
            for (key, value) in strings {
                free(key)
                free(value)
            }
        }
        let keys = strings.map { UnsafePointer<CChar>($0.0) } + [nil]
        let values = strings.map { UnsafePointer<CChar>($0.1) } + [nil]
        guard let pg = PQconnectdbParams(keys, values, 1) else {
            throw SQLError.away(StoreAway(.unreachable, "no memory for a connection"))
        }
        guard PQstatus(pg) == CONNECTION_OK else {
            defer { PQfinish(pg) }
            throw SQLError.away(StoreAway(connecting: String(cString: PQerrorMessage(pg))))
        }
        // Otherwise libpq prints notices on the program's standard error.
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
        return pg
    }

    private func prepareSession() throws {
        guard PQserverVersion(pg) >= 140_000 else {
            throw SQLError.away(StoreAway(.unfit, "PostgreSQL before 14"))
        }
        if let encoding = PQparameterStatus(pg, "server_encoding"),
            String(cString: encoding) != "UTF8"
        {
            let name = String(cString: encoding)
            throw SQLError.away(StoreAway(.unfit, "the database's encoding is \(name), not UTF8"))
        }
        // Commits are durable before they are told; a stronger setting than `on` stays.
        try execute(
            """
            SET client_min_messages = warning; SET default_transaction_isolation = 'read committed';
            SET statement_timeout = \(limits.statement); SET lock_timeout = \(limits.lock);
            SET idle_in_transaction_session_timeout = \(limits.idleInTransaction); SET jit = off;
            SET extra_float_digits = 1;
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local')
            """)
        guard PQsetnonblocking(pg, 1) == 0, PQenterPipelineMode(pg) == 1 else { throw lost() }
    }

    /// Outside of pipeline mode, waiting, several statements at once.
    private func execute(_ text: String) throws {
        let result = PQexec(pg, text)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default:
            if PQstatus(pg) != CONNECTION_OK { throw lost() }
            guard let result else { throw lost() }
            throw SQLError(failed: result)
        }
    }

    // MARK: - Statements

    /// Whether the server has ended this link while nothing was asked of it.
    func wasCut() -> Bool {
        guard isAlive, pending.isEmpty else { return !isAlive }
        var waiting = pollfd(fd: PQsocket(pg), events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) != 0 else { return false }
        guard PQconsumeInput(pg) == 1, PQstatus(pg) == CONNECTION_OK else {
            _ = lost()
            return true
        }
        return false
    }

    /// Which server's log this is: of two links with the same history, a transaction's number means the same.
    ///
    /// Nil until ``readHistory()``, and where the server cannot tell.
    private(set) var history: String?

    func readHistory() {
        let asked = try? ask(
            """
            SELECT CASE WHEN pg_is_in_recovery() THEN ''
                ELSE system_identifier || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END
            FROM pg_control_system()
            """)
        history = (try? asked?.rows.first?.get(0)) ?? ""
        forgetFailure()
    }

    var hasPending: Bool { !pending.isEmpty }

    /// Queues the beginning of a transaction whose fate can be asked for later by its number.
    func begin() throws {
        transactionNumber = nil
        try send(plain: "BEGIN")
        try queue("SELECT CAST(pg_current_xact_id() AS text)")
        pending[pending.count - 1] = .number
    }

    /// Queues a statement whose answer nobody waits for.
    func send(_ sql: Statement) throws {
        try queue(sql)
        if pending.count >= Self.mostPending { try settle() }
    }

    /// Queues a statement without values that is not worth keeping prepared.
    func send(plain text: String) throws {
        guard isAlive else { throw lost() }
        guard PQsendQueryParams(pg, text, 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
        pending.append(.run)
        if pending.count >= Self.mostPending { try settle() }
    }

    /// Runs a statement and everything queued before it.
    func ask(_ sql: Statement) throws -> Answer {
        try queue(sql)
        return try collect()
    }

    func ask(plain text: String) throws -> Answer {
        try send(plain: text)
        return try collect()
    }

    /// Waits for everything queued.
    /// - Throws: the first failure since the transaction, or the savepoint rolled back to, began.
    func settle() throws {
        if !pending.isEmpty { _ = try collect() }
        if let failure { throw failure }
    }

    /// Several statements at once, as in a migration.
    func script(_ text: String) throws {
        guard text.contains(";") else { return try send(plain: text) }
        if !pending.isEmpty { _ = try collect() }
        guard isAlive, PQexitPipelineMode(pg) == 1 else { throw lost() }
        do {
            try execute(text)
        } catch {
            note(error)
            if isAlive { _ = PQenterPipelineMode(pg) }
            throw error
        }
        guard PQenterPipelineMode(pg) == 1 else { throw lost() }
    }

    /// A savepoint or the transaction was rolled back, so earlier failures are over.
    func forgetFailure() { failure = nil }

    /// Sends what is queued without waiting for its answers; the next use reads them.
    func dispatch() throws {
        guard isAlive else { throw lost() }
        guard PQpipelineSync(pg) == 1 else { throw lost() }
        pending.append(.sync)
        while PQflush(pg) == 1 { try pump() }
    }

    private func queue(_ sql: Statement) throws {
        guard isAlive else { throw lost() }
        let name = try prepared.name(of: sql) ?? prepare(sql.text)
        do { try bound.fill(sql.values) } catch {
            note(error)
            throw error
        }
        let sent = bound.lend { count, values, lengths, formats in
            PQsendQueryPrepared(pg, name, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lost() }
        pending.append(.run)
    }

    /// The statement that adds so many rows.
    func text(_ text: FixedText, rows: Int) -> FixedText { prepared.text(text, rows: rows) }

    private func prepare(_ text: String) throws -> String {
        if prepared.count >= Self.mostPrepared {
            try send(plain: "DEALLOCATE ALL")
            prepared.forgetAll()
        }
        let name = prepared.next()
        guard PQsendPrepare(pg, name, Rendering.numbered(text), 0, nil) == 1 else { throw lost() }
        prepared.note(name, of: text)
        pending.append(.prepare(text))
        return name
    }

    // MARK: - Answers

    /// Reads the answers of everything queued.
    /// - Returns: that of the last statement.
    private func collect() throws -> Answer {
        guard isAlive else { throw lost() }
        guard PQpipelineSync(pg) == 1 else { throw lost() }
        trips += 1
        let waiting = pending + [.sync]
        pending.removeAll(keepingCapacity: true)
        var failed: SQLError?
        var last: OpaquePointer?
        defer { PQclear(last) }
        for one in waiting {
            let result = try nextResult()
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                continue
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                switch one {
                case .run:
                    PQclear(last)
                    last = result
                case .number:
                    transactionNumber = PQgetvalue(result, 0, 0).map { String(cString: $0) }
                    PQclear(result)
                case .prepare, .sync: PQclear(result)
                }
            default:
                // Either the failure itself, or what the server skipped behind one.
                if let result, PQresultStatus(result) == PGRES_FATAL_ERROR, failed == nil {
                    failed = SQLError(failed: result)
                }
                if case .prepare(let text) = one { prepared.forget(text) }
                PQclear(result)
            }
            // Each statement's results end with none.
            while let more = try nextResult() { PQclear(more) }
        }
        if let failed {
            note(failed)
            if case .away = failed { isAlive = false }
            throw failed
        }
        guard let last else { return Answer() }
        var answer = Answer(rows: [], changed: 0, tag: String(cString: PQcmdStatus(last)))
        answer.changed = Int(String(cString: PQcmdTuples(last))) ?? 0
        if PQresultStatus(last) == PGRES_TUPLES_OK {
            do { answer.rows = try Answers.rows(last) } catch {
                note(error)
                throw error
            }
        }
        return answer
    }

    private func note(_ error: any Error) {
        if failure == nil, let error = error as? SQLError { failure = error }
    }

    private func nextResult() throws -> OpaquePointer? {
        while PQisBusy(pg) == 1 { try pump() }
        if PQstatus(pg) != CONNECTION_OK { throw lost() }
        return PQgetResult(pg)
    }

    /// Sends and receives what can be, waiting at most as long as a statement may take.
    private func pump() throws {
        let left = PQflush(pg)
        guard left >= 0 else { throw lost() }
        var wanted = pollfd(
            fd: PQsocket(pg), events: Int16(POLLIN) | (left == 1 ? Int16(POLLOUT) : 0), revents: 0)
        // The server ends a statement by its own time-out; silence far beyond it means that nobody is there.
        let patience = limits.statement > 0 ? Int32(clamping: limits.statement + 5_000) : -1
        let ready = poll(&wanted, 1, patience)
        if ready < 0 && errno == EINTR { return }
        guard ready > 0 else { throw lost("no answer from the server") }
        if wanted.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0, PQconsumeInput(pg) == 0 {
            throw lost()
        }
    }

    func lost(_ message: String? = nil) -> SQLError {
        isAlive = false
        // A server that stops says why before it goes.
        var words = message ?? String(cString: PQerrorMessage(pg))
        words = words.split(separator: "\n").joined(separator: " ")
        let error = SQLError.away(StoreAway(.lost, words))
        note(error)
        return error
    }
}
