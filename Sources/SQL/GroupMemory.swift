/// What the writer knows without reading, shared by the transactions of one group and, as long as nobody else writes, by
/// the groups after it.
///
/// Used by the writer's thread alone.
package final class GroupMemory {
    /// Value of each counter, by key, as this group left it.
    package private(set) var counters: [Int64: Int64] = [:]
    private var dirty: Set<Int64> = []
    /// Values of counters as the last group left them; its notes hold as long as they are still so.
    private var remembered: [Int64: Int64]?
    private var notes: [ObjectIdentifier: any GroupNotes] = [:]
    /// False for transactions that only read: what they note is used by nobody.
    package let isShared: Bool

    /// Writes that wait for the next question or the commit.
    var postponed = Postponed()

    package init(isShared: Bool = false) { self.isShared = isShared }

    /// How much of what the last group knew holds in the next.
    package enum Trust: Sendable {
        case nothing
        /// Whatever others write raises its counter: notes hold where the counter, read again, is as it was left.
        case ifCounterStands
        /// Nobody else has written.
        case everything
    }

    /// For the next group.
    func next(_ trust: Trust) -> GroupMemory? {
        switch trust {
        case .nothing: return nil
        case .everything: return self
        case .ifCounterStands:
            let next = GroupMemory(isShared: true)
            next.notes = notes
            next.remembered = (remembered ?? [:]).merging(counters) { $1 }
            return next
        }
    }

    /// Counters that the unit changed, as they were before.
    private var changed: [(key: Int64, was: Int64?)] = []

    private func set(_ key: Int64, _ value: Int64) {
        let was = counters.updateValue(value, forKey: key)
        if !changed.contains(where: { $0.key == key }) { changed.append((key, was)) }
    }

    private func read(_ key: Int64, _ value: Int64) {
        if let remembered, remembered[key] != value { forgetNotes() }
        set(key, value)
    }

    /// Raises the counter of `key` by one, reading it at its first use.
    package func next(_ key: Int64, load: () throws -> Int64) rethrows -> Int64 {
        if counters[key] == nil { read(key, try load()) }
        let value = (counters[key] ?? 0) + 1
        set(key, value)
        dirty.insert(key)
        return value
    }

    /// Reads the counter of `key` unless it is known; `load` gives nil when there is none.
    package func know(_ key: Int64, load: () throws -> Int64?) rethrows {
        if counters[key] == nil, let value = try load() { read(key, value) }
    }

    /// The counters that must be written before the commit.
    package func drain() -> [(key: Int64, value: Int64)] {
        defer { dirty.removeAll(keepingCapacity: true) }
        return dirty.sorted().compactMap { key in counters[key].map { (key, $0) } }
    }

    /// The notes of one kind.
    package func notes<Notes: GroupNotes>(_ kind: Notes.Type = Notes.self) -> Notes {
        if let known = notes[ObjectIdentifier(kind)] as? Notes { return known }
        let new = Notes()
        notes[ObjectIdentifier(kind)] = new
        return new
    }

    /// From here on ``unitFailed()`` undoes.
    func unitBegins() { changed.removeAll(keepingCapacity: true) }

    /// What a failed unit changed is forgotten, and with it all notes: they are read again.
    func unitFailed() {
        for (key, was) in changed { counters[key] = was }
        changed.removeAll(keepingCapacity: true)
        forgetNotes()
    }

    func forgetNotes() { notes = [:] }
}

/// What a store notes of its rows while the writer holds them, so that the next unit need not read them.
///
/// A note must equal what the transaction would read. When anything is undone, all notes are thrown away.
package protocol GroupNotes: AnyObject {
    init()
}
