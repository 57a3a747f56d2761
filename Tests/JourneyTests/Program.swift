import Foundation
import Glibc
import SQLOnPostgres
import Synchronization
import TestSupport
import Testing

/// The real `qinke` binary, run as a person runs it.
enum Program {
    /// Beside the test bundle, where the build puts it.
    static let binary: URL = {
        let bundle = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        let beside = bundle.appending(path: "qinke")
        if FileManager.default.isExecutableFile(atPath: beside.path()) { return beside }
        return repository.appending(path: ".build/debug/qinke")
    }()

    static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs to the end.
    /// - Parameters:
    ///   - input: for standard input.
    ///   - environment: added to ours; nothing of ours that begins with `QINKE_` is passed on.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        in folder: URL? = nil,
        line: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Result {
        let running = try Running(
            arguments, environment: environment, in: folder, input: input, line: line)
        let status = await running.ended()
        return Result(status: status, output: running.output, errors: running.errors)
    }
}

/// A started program.
///
/// Started and read by system calls on threads of its own: Foundation's `Process` leaves pipes open in programs started at
/// the same time, and its handles may wait on a shared queue for bytes that never come.
final class Running: Sendable {
    private struct State {
        // Bytes, since a read may end inside a letter.
        var output = Data()
        var errors = Data()
        /// Two streams and the process itself are awaited.
        var open = 3
        var status: Int32 = 0
        var waiting: [CheckedContinuation<Int32, Never>] = []
        var readers: [(needle: Data, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    struct NotStarted: Error {
        let code: Int32
    }

    private let id: pid_t
    private let state = Mutex(State())

    init(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil,
        input: String = "", line: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let given = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("QINKE_") }
            .merging(["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"]) { $1 }
            .merging(environment) { $1 }
        let (into, out, err) = (try Self.pipe(), try Self.pipe(), try Self.pipe())
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, into.read, 0)
        posix_spawn_file_actions_adddup2(&actions, out.write, 1)
        posix_spawn_file_actions_adddup2(&actions, err.write, 2)
        // `env` changes the folder and becomes the program.
        let path = folder == nil ? Program.binary.path() : "/usr/bin/env"
        let before = folder.map { ["-C", $0.path(), Program.binary.path()] } ?? []
        var words = ([path] + before + arguments).map { strdup($0) } + [nil]
        var pairs = given.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + pairs { free(text) } }
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, nil, &words, &pairs)
        for end in [into.read, out.write, err.write] { close(end) }
        guard code == 0 else { throw NotStarted(code: code) }
        id = child
        _ = input.withCString { write(into.write, $0, strlen($0)) }
        close(into.write)
        watch(out.read, \.output, line)
        watch(err.read, \.errors, line)
        Thread.detachNewThread { [self, child] in
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            // As a shell says it: the exit status, or 128 and the signal.
            ended(with: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f)
        }
    }

    /// Both ends close by themselves in programs that others start.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw NotStarted(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    var output: String { String(decoding: state.withLock { $0.output }, as: UTF8.self) }
    var errors: String { String(decoding: state.withLock { $0.errors }, as: UTF8.self) }

    func signal(_ number: Int32) {
        if state.withLock({ $0.open }) > 0 { kill(id, number) }
    }

    private func watch(
        _ stream: Int32, _ part: any WritableKeyPath<State, Data> & Sendable,
        _ line: @escaping @Sendable (String) -> Void
    ) {
        Thread.detachNewThread { [self] in
            var piece = [UInt8](repeating: 0, count: 16_384)
            var count = read(stream, &piece, piece.count)
            while count > 0 {
                heard(Data(piece[..<count]), part)
                for text in String(decoding: piece[..<count], as: UTF8.self).split(separator: "\n")
                {
                    line(String(text))
                }
                count = read(stream, &piece, piece.count)
            }
            close(stream)
            ended(with: nil)
        }
    }

    private func heard(_ data: Data, _ part: WritableKeyPath<State, Data>) {
        let ready = state.withLock { state in
            state[keyPath: part] += data
            let output = state.output
            let ready = state.readers.filter { output.range(of: $0.needle) != nil }
            state.readers.removeAll { output.range(of: $0.needle) != nil }
            return ready
        }
        for reader in ready { reader.continuation.resume(returning: true) }
    }

    private func ended(with status: Int32?) {
        let (waiting, readers, code) = state.withLock { state in
            if let status { state.status = status }
            state.open -= 1
            guard state.open == 0 else {
                return (
                    [CheckedContinuation<Int32, Never>](), [CheckedContinuation<Bool, Never>](),
                    Int32(0)
                )
            }
            defer {
                state.waiting = []
                state.readers = []
            }
            return (state.waiting, state.readers.map(\.continuation), state.status)
        }
        for one in waiting { one.resume(returning: code) }
        for reader in readers { reader.resume(returning: false) }
    }

    /// Its exit status, when it has ended and all its output was read.
    func ended() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.open == 0 { return state.status }
                state.waiting.append(continuation)
                return nil
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits until standard output holds a text; false when the program ended without saying it.
    func says(_ text: String) async -> Bool {
        let needle = Data(text.utf8)
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.output.range(of: needle) != nil { return true }
                if state.open == 0 { return false }
                state.readers.append((needle, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}

/// A shop on a server of its own, in a folder of its own.
final class Shop: Sendable {
    static let password = "Sunny-Meadow-4411"

    let folder: URL
    let data: String
    /// Where the data is, as flags.
    let place: [String]
    private let remove: @Sendable () -> Void
    private let server = Mutex<Running?>(nil)
    private let chosen = Mutex<Int>(0)

    var port: Int { chosen.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    init(agents: [String] = [], on engine: Engine = .sqlite) async throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "qinke-journey-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        data = folder.appending(path: "qinke.sqlite").path()
        switch engine {
        case .sqlite:
            place = ["--data", data]
            remove = {}
        case .postgres:
            let address = try TestPostgres.database()
            place = ["--data", data, "--database", address.url]
            remove = { TestPostgres.remove(address) }
        }
        try await staff(["boss", "--name", "店主", "--shop", "test", "--shop-name", "测试店"])
        for agent in agents {
            try await staff([agent, "--name", agent, "--level", "senior", "--cap", "100"])
        }
    }

    deinit {
        server.withLock { $0 }?.signal(SIGKILL)
        remove()
        try? FileManager.default.removeItem(at: folder)
    }

    private func staff(_ arguments: [String]) async throws {
        let result = try await Program.run(
            ["staff", "add"] + place + arguments, input: Self.password + "\n")
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Starts the server, on the port that it had before.
    @discardableResult
    func start() async throws -> Running {
        let running = try Running(["serve"] + place + ["--port", String(port)])
        try #require(await running.says("已启动"), "\(running.errors)")
        let words = running.output.split(separator: "127.0.0.1:").dropFirst().first
        let number = words.flatMap { Int($0.prefix { $0.isNumber }) }
        chosen.withLock { $0 = number ?? 0 }
        server.withLock { $0 = running }
        return running
    }

    /// As a power cut would.
    func kill() async {
        guard let running = server.withLock({ $0 }) else { return }
        running.signal(SIGKILL)
        _ = await running.ended()
    }

    /// As an operator would.
    /// - Returns: the exit status.
    func stop() async -> Int32 {
        guard let running = server.withLock({ $0 }) else { return -1 }
        running.signal(SIGTERM)
        return await running.ended()
    }
}
