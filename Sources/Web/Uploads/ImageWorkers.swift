package import Desk
package import Foundation

/// Runs image workers: two at a time, each a process that is ended when it takes too long.
///
/// The work hangs on threads of its own, never on the cooperative pool. What waits is bounded; one more
/// is answered "busy".
package final class ImageWorkers: ImageCleaner {
    /// Bounds of the workers.
    package struct Settings: Sendable {
        /// Processes at the same time.
        package var atOnce = 2
        /// Images that may wait for a process.
        package var waiting = 32
        /// Seconds that one image may take, waiting not included.
        package var seconds = 20
        /// Memory of one process, in MB.
        package var memory = 1024

        package init() {}
    }

    private typealias Job = @Sendable () -> Void

    private let executable: URL
    private let settings: Settings
    private let condition = NSCondition()
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var jobs: [Job] = []
    // Only touched while `condition` is locked.
    nonisolated(unsafe) private var stopped = false

    /// - Parameter executable: the `qinke` binary; the running one unless said otherwise.
    package init(
        executable: URL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
        settings: Settings = Settings()
    ) {
        self.executable = executable
        self.settings = settings
        for number in 1...max(1, settings.atOnce) {
            let thread = Thread { [weak self] in
                while let job = self?.next() { job() }
            }
            thread.name = "qinke.image.\(number)"
            thread.start()
        }
    }

    /// Takes no more and ends the threads when what waits is done.
    package func stop() {
        condition.lock()
        stopped = true
        condition.broadcast()
        condition.unlock()
    }

    package func clean(_ file: URL, limits: UploadLimits) async throws -> CleanImage {
        try await withCheckedThrowingContinuation { continuation in
            condition.lock()
            let full = stopped || jobs.count >= settings.waiting
            if !full {
                jobs.append { [self] in
                    continuation.resume(with: Result { try run(file, limits) })
                }
                condition.signal()
            }
            condition.unlock()
            if full { continuation.resume(throwing: Refusal.uploadBusy) }
        }
    }

    private func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !stopped { condition.wait() }
        // After a stop the jobs that wait are still done: their callers hang on them.
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }

    private func run(_ file: URL, _ limits: UploadLimits) throws -> CleanImage {
        let answerFile = file.appendingPathExtension("answer")
        guard FileManager.default.createFile(atPath: answerFile.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        defer { try? FileManager.default.removeItem(at: answerFile) }
        let input = try FileHandle(forReadingFrom: file)
        let output = try FileHandle(forWritingTo: answerFile)
        defer {
            try? input.close()
            try? output.close()
        }
        let ended = DispatchSemaphore(value: 0)
        let process = Process()
        process.executableURL = executable
        process.arguments = [
            "image-worker", "--pixels", "\(limits.pixels)", "--bytes", "\(limits.image)",
            "--thumbnail", "\(limits.thumbnail)", "--memory", "\(settings.memory)",
            "--seconds", "\(settings.seconds)",
        ]
        // Only where the libraries are; no secret of the server's surroundings.
        process.environment = ProcessInfo.processInfo.environment.filter {
            $0.key == "LD_LIBRARY_PATH"
        }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        if ended.wait(timeout: .now() + .seconds(settings.seconds)) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        // A worker that was ended, by its limits or by us, left no whole answer.
        switch ImageAnswer([UInt8](try Data(contentsOf: answerFile))) {
        case .image(let image): return image
        case .refused(let code): throw Refusal.upload(code, limits: limits)
        case nil: throw Refusal.uploadDamaged
        }
    }
}
