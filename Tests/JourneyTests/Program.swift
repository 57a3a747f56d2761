import Foundation
import Synchronization
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

/// A started program; killed when nobody holds it any more.
final class Running: Sendable {
    private struct State {
        // Bytes, since a read may end inside a letter.
        var output = Data()
        var errors = Data()
        /// Ends of streams and of the process that are still awaited.
        var open = 3
        var status: Int32 = 0
        var waiting: [CheckedContinuation<Int32, Never>] = []
        var readers: [(needle: String, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    // Started before it is shared, and afterwards only asked for its id.
    nonisolated(unsafe) private let process = Process()
    private static let starting = Mutex(())
    private let state = Mutex(State())
    private let line: @Sendable (String) -> Void

    init(
        _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil,
        input: String = "",
        line: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.line = line
        process.executableURL = Program.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("QINKE_")
        }
        .merging(["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"]) { $1 }
        .merging(environment) { $1 }
        // One at a time: a program started meanwhile would inherit these pipes and hold them open for its whole life.
        let into = try Self.starting.withLock { _ in
            let (out, err, into) = (Pipe(), Pipe(), Pipe())
            for pipe in [out, err, into] {
                for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                    _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
                }
            }
            process.standardOutput = out
            process.standardError = err
            process.standardInput = into
            out.fileHandleForReading.readabilityHandler = { [weak self] in
                self?.read($0, to: \.output)
            }
            err.fileHandleForReading.readabilityHandler = { [weak self] in
                self?.read($0, to: \.errors)
            }
            process.terminationHandler = { [weak self] process in
                self?.finish(process.terminationStatus)
            }
            try process.run()
            return into.fileHandleForWriting
        }
        try into.write(contentsOf: Data(input.utf8))
        try into.close()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var output: String { String(decoding: state.withLock { $0.output }, as: UTF8.self) }
    var errors: String { String(decoding: state.withLock { $0.errors }, as: UTF8.self) }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    private func read(_ handle: FileHandle, to part: any WritableKeyPath<State, Data> & Sendable) {
        let data = handle.availableData
        if data.isEmpty {
            handle.readabilityHandler = nil
            close(nil)
            return
        }
        let text = String(decoding: data, as: UTF8.self)
        let ready = state.withLock { state in
            state[keyPath: part] += data
            let output = String(decoding: state.output, as: UTF8.self)
            let ready = state.readers.filter { output.contains($0.needle) }
            state.readers.removeAll { output.contains($0.needle) }
            return ready
        }
        for reader in ready { reader.continuation.resume(returning: true) }
        for line in text.split(separator: "\n") { self.line(String(line)) }
    }

    private func finish(_ status: Int32) { close(status) }

    private func close(_ status: Int32?) {
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
    func says(_ needle: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if String(decoding: state.output, as: UTF8.self).contains(needle) { return true }
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
    private let server = Mutex<Running?>(nil)
    private let chosen = Mutex<Int>(0)

    var port: Int { chosen.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    init(agents: [String] = []) async throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "qinke-journey-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        data = folder.appending(path: "qinke.sqlite").path()
        try await staff(["boss", "--name", "店主", "--shop", "test", "--shop-name", "测试店"])
        for agent in agents {
            try await staff([agent, "--name", agent, "--level", "senior", "--cap", "100"])
        }
    }

    deinit {
        server.withLock { $0 = nil }
        try? FileManager.default.removeItem(at: folder)
    }

    private func staff(_ arguments: [String]) async throws {
        let result = try await Program.run(
            ["staff", "add", "--data", data] + arguments, input: Self.password + "\n")
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Starts the server, on the port that it had before.
    @discardableResult
    func start() async throws -> Running {
        let running = try Running(["serve", "--data", data, "--port", String(port)])
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
