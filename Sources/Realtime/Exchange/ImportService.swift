package import Desk
import Dispatch
package import Logging
package import NIOPosix
package import ServiceLifecycle
package import Storage
import Synchronization
package import Tables

/// A kept file, read where it lies.
package struct BlobSource: ByteSource {
    package let size: Int
    private let key: BlobKey
    private let blobs: any BlobStore

    package init(_ key: BlobKey, size: Int, in blobs: any BlobStore) {
        self.key = key
        self.size = size
        self.blobs = blobs
    }

    package func read(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        return try blobs.read(key, from: offset, count: count)
    }
}

/// Works on the batches that people have started: dry runs, imports, undoings; one after another.
///
/// Everything that it knows of a batch is in the store, so after a restart it goes on where it was, and among several
/// nodes whoever holds the duty does.
package final class ImportService: Service, Sendable {
    /// Rows of one transaction: small enough that messages do not wait for it.
    private static let chunk = 500

    private let store: ImportStore
    private let blobs: any BlobStore
    private let zone: @Sendable (ShopID) async throws -> String
    private let logger: Logger
    private let threads: NIOThreadPool
    private let every: Duration
    private let duty: @Sendable () -> Duty
    private let isStopping = Mutex(false)
    package let pulse = Pulse(
        "imports", Localized(zh: "导入", en: "Imports"), limit: .seconds(300))

    /// - Parameters:
    ///   - zone: of a shop, by which its files tell times.
    ///   - every: how often it looks whether something was started.
    package init(
        _ store: ImportStore, blobs: any BlobStore,
        zone: @escaping @Sendable (ShopID) async throws -> String, logger: Logger,
        threads: NIOThreadPool = .singleton, every: Duration = .milliseconds(500),
        duty: @escaping @Sendable () -> Duty = { .alone }
    ) {
        self.store = store
        self.blobs = blobs
        self.zone = zone
        self.logger = logger
        self.threads = threads
        self.every = every
        self.duty = duty
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in AsyncTimerSequence.every(every).cancelOnGracefulShutdown() {
                await round()
            }
        } onGracefulShutdown: {
            self.isStopping.withLock { $0 = true }
        }
    }

    /// Works until nothing is left to do.
    package func round() async {
        defer { pulse.rest() }
        guard duty() != .elsewhere else { return }
        do {
            while !isStopping.withLock({ $0 }), let next = try await store.running().first {
                pulse.beat()
                await work(next.id, of: next.shop)
            }
        } catch {
            logger.error("imports cannot be looked up", metadata: ["error": "\(error)"])
        }
    }

    private func work(_ id: ImportBatchID, of shop: ShopID) async {
        do {
            let stored = try await store.one(id, of: shop)
            if stored.batch.state == .undoing {
                while try await store.takeBack(of: id, in: shop, duty: duty()) {
                    pulse.beat()
                    if isStopping.withLock({ $0 }) { return }
                }
                try await store.finish(id, of: shop)
                return
            }
            if try await take(stored, of: shop) { try await store.finish(id, of: shop) }
        } catch is ImportStopped {
            // A person stopped it, and the store says so.
        } catch let refusal as Refusal {
            await fail(id, of: shop, refusal.message)
        } catch is BlobMissing {
            await fail(
                id, of: shop, Localized(zh: "上传的文件不在了", en: "The uploaded file is gone"))
        } catch {
            logger.error("an import failed", metadata: ["batch": "\(id)", "error": "\(error)"])
            await fail(
                id, of: shop,
                Localized(
                    zh: "存储暂时写不进去，可以稍后继续", en: "The store could not be written; it may go on later")
            )
        }
    }

    private func fail(_ id: ImportBatchID, of shop: ShopID, _ problem: Localized) async {
        do {
            try await store.finish(id, of: shop, problem: problem)
        } catch {
            logger.error("an import cannot be ended", metadata: ["error": "\(error)"])
        }
    }

    /// Reads the file from where the batch stands, and hands its rows to the store.
    /// - Returns: whether the file's end was reached, and not the program's.
    private func take(_ stored: ImportStore.Stored, of shop: ShopID) async throws -> Bool {
        let batch = stored.batch
        let source = BlobSource(stored.blob, size: batch.size, in: blobs)
        let reading = RowReading(
            batch.mapping, headers: batch.headers, zone: try await zone(shop))
        let handing = Handing { [store, duty, pulse] chunk in
            pulse.beat()
            try await store.take(chunk, of: batch.id, in: shop, duty: duty())
        }
        return try await threads.runIfActive { [self] in
            let file = try TableFile(source)
            var cutter = ChunkCutter(
                reading, header: batch.headerRow, done: batch.rowsDone, size: Self.chunk)
            var stopped = false
            try file.rows { row in
                if row.number % 512 == 0, isStopping.withLock({ $0 }) {
                    stopped = true
                    return false
                }
                if let chunk = cutter.take(row) { try handing.hand(chunk) }
                return true
            }
            if !stopped, let chunk = cutter.finish() { try handing.hand(chunk) }
            try handing.finish()
            return !stopped
        }
    }
}

/// Cuts the rows of a file into chunks; an order's lines stay together.
private struct ChunkCutter {
    private var reading: RowReading
    private var chunk: ImportChunk
    private let size: Int
    private let header: Int
    private let done: Int

    /// - Parameter done: the last row that the store has; 0 before the first.
    init(_ reading: RowReading, header: Int, done: Int, size: Int) {
        self.reading = reading
        self.size = size
        self.header = header
        self.done = done
        chunk = ImportChunk(after: done)
    }

    /// - Returns: a chunk that is whole.
    mutating func take(_ row: TableRow) -> ImportChunk? {
        if row.number <= header { return nil }
        if row.number <= done {
            // What was done is read all the same: rows may continue it.
            var ignored: [RowFault] = []
            _ = reading.read(row, &ignored)
            return nil
        }
        var faults: [RowFault] = []
        let read = reading.read(row, &faults)
        var whole: ImportChunk?
        if chunk.count >= size, read?.order != nil || read?.item != nil || !faults.isEmpty {
            whole = chunk
            chunk = ImportChunk(after: chunk.last)
        }
        chunk.last = row.number
        chunk.faults += faults
        if let read { chunk.rows.append(read) }
        if read != nil || !faults.isEmpty { chunk.count += 1 }
        return whole
    }

    mutating func finish() -> ImportChunk? { chunk.last > chunk.after ? chunk : nil }
}

/// Hands chunks from the thread that reads a file to the store, one ahead: the next is read while one is written.
private final class Handing: Sendable {
    private let take: @Sendable (ImportChunk) async throws -> Void
    private let free = DispatchSemaphore(value: 1)
    private let failure = Mutex<(any Error)?>(nil)

    init(_ take: @escaping @Sendable (ImportChunk) async throws -> Void) { self.take = take }

    /// Waits until the chunk before is kept.
    func hand(_ chunk: ImportChunk) throws {
        free.wait()
        if let failure = failure.withLock({ $0 }) {
            free.signal()
            throw failure
        }
        Task {
            do {
                try await take(chunk)
            } catch {
                failure.withLock { $0 = error }
            }
            free.signal()
        }
    }

    /// Waits for the last.
    func finish() throws {
        free.wait()
        free.signal()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
