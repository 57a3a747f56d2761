import Desk
import Foundation
import Reconciliation
import Synchronization

/// The diary of all clients of one replay, also written to a file when one is named.
final class Notebook: Sendable {
    private struct State {
        var notes: [ClientNote] = []
        var file: FileHandle?
        var reading = 0
    }

    private let state = Mutex(State())

    /// - Parameter path: a new file of JSON lines; nil keeps the diary in memory alone.
    init(path: String? = nil) throws {
        guard let path else { return }
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        state.withLock { $0.file = file }
    }

    var notes: [ClientNote] { state.withLock { $0.notes } }

    /// A number that joins the beginning and the end of one reading.
    func newReading() -> Int {
        state.withLock { state in
            state.reading += 1
            return state.reading
        }
    }

    func write(
        _ what: ClientNote.What, by client: String, _ side: Actor.Kind,
        _ fill: (inout ClientNote) -> Void
    ) {
        state.withLock { state in
            // The clock is read under the lock, so that the order of lines is the order of time.
            var note = ClientNote(
                what, at: Int64(DispatchTime.now().uptimeNanoseconds), client: client, side: side)
            fill(&note)
            state.notes.append(note)
            // A history without its last lines shows less, never something wrong.
            if let file = state.file, let line = try? note.line {
                try? file.write(contentsOf: Data((line + "\n").utf8))
            }
        }
    }

    func close() { state.withLock { try? $0.file?.close() } }
}
