/// A file that somebody brought, and what became of it.
package struct ImportBatch: Hashable, Sendable {
    /// The raw value is stable: the store and the protocol hold it.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// There, recognised, waiting for somebody to look at its columns.
        case received
        /// The dry run goes on.
        case checking
        case checked
        case importing
        case imported
        /// Stopped by a person in the middle; what was taken in is kept, and may go on or be undone.
        case cancelled
        case undoing
        case undone
        /// Stopped by a fault of file or store; may go on or be undone.
        case failed

        /// Whether something works on it.
        package var isRunning: Bool {
            switch self {
            case .checking, .importing, .undoing: true
            case .received, .checked, .imported, .cancelled, .undone, .failed: false
            }
        }
    }

    /// What a person may ask of a batch.
    package enum Deed: String, Hashable, Sendable, Codable, CaseIterable {
        case map, check, start, cancel, undo, remove
    }

    package let id: ImportBatchID
    /// Of the file.
    package let name: String
    package let size: Int
    /// `csv` or `xlsx`.
    package let form: String
    package let encoding: String
    package let headerRow: Int
    package let headers: [String]
    package var mapping: ColumnMapping
    package var state: State
    /// When the file was made, as far as its sender's machine knows.
    package let takenAt: Instant
    package let createdAt: Instant
    package let by: Actor
    /// Rows of the file below its header; nil until they were counted.
    package var rowsTotal: Int?
    /// The last row of the file that is done, or was looked at; 0 at first.
    package var rowsDone: Int
    package var tally: ImportTally
    package var startedAt: Instant?
    package var finishedAt: Instant?
    package var problem: Localized?

    package init(
        id: ImportBatchID, name: String, size: Int, form: String, encoding: String,
        headerRow: Int, headers: [String], mapping: ColumnMapping, state: State = .received,
        takenAt: Instant, createdAt: Instant, by: Actor, rowsTotal: Int? = nil, rowsDone: Int = 0,
        tally: ImportTally = ImportTally(), startedAt: Instant? = nil, finishedAt: Instant? = nil,
        problem: Localized? = nil
    ) {
        self.id = id
        self.name = name
        self.size = size
        self.form = form
        self.encoding = encoding
        self.headerRow = headerRow
        self.headers = headers
        self.mapping = mapping
        self.state = state
        self.takenAt = takenAt
        self.createdAt = createdAt
        self.by = by
        self.rowsTotal = rowsTotal
        self.rowsDone = rowsDone
        self.tally = tally
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.problem = problem
    }

    /// The deeds that are allowed now.
    package var open: [Deed] { Deed.allCases.filter { next($0) != nil } }

    /// The state that a deed leads to; nil when it is not allowed.
    ///
    /// Removing leads nowhere: the batch is gone.
    private func next(_ deed: Deed) -> State? {
        switch (deed, state) {
        case (.map, .received), (.map, .checked): .received
        case (.check, .received), (.check, .checked): .checking
        case (.check, .failed): startedAt == nil ? .checking : nil
        case (.start, .checked): canGoOn ? .importing : nil
        case (.start, .cancelled): .importing
        case (.start, .failed): startedAt == nil ? nil : .importing
        case (.cancel, .checking): .received
        case (.cancel, .importing): .cancelled
        case (.undo, .imported), (.undo, .cancelled), (.undo, .failed):
            startedAt == nil ? nil : .undoing
        case (.remove, .received), (.remove, .checked), (.remove, .undone): state
        case (.remove, .failed): startedAt == nil ? state : nil
        default: nil
        }
    }

    /// Nothing to take in is nothing to start.
    private var canGoOn: Bool { tally.rows > tally.faults }

    /// Decides a deed.
    /// - Returns: the state that follows.
    /// - Throws: why not, and what may be done instead.
    package func decide(_ deed: Deed) throws(Refusal) -> State {
        if let next = next(deed) { return next }
        if deed == .start, state == .checked, !canGoOn {
            throw Refusal(
                .conflict, "exchange.nothingToImport", zh: "文件里没有一行可以导入",
                en: "Not one row of the file can be imported",
                instead: Localized(
                    zh: "请下载错误清单，改好文件后重新上传",
                    en: "Download the list of faults, mend the file and upload it again"))
        }
        let instead: Localized? =
            switch (deed, state) {
            case (.start, .received):
                Localized(zh: "请先预检一遍", en: "Do the dry run first")
            case (.undo, .importing), (.remove, .importing), (.map, .checking), (.map, .importing),
                (.remove, .checking):
                Localized(zh: "请先停下它", en: "Stop it first")
            case (.remove, .imported), (.remove, .cancelled), (.remove, .failed):
                Localized(zh: "请先撤销这一批", en: "Undo the batch first")
            default: nil
            }
        throw Refusal(
            .conflict, "exchange.notNow", zh: "这一批现在是“\(state.name.zh)”，不能这样做",
            en: "The batch is \"\(state.name.en)\"; this cannot be done now", instead: instead)
    }
}

extension ImportBatch.State {
    package var name: Localized {
        switch self {
        case .received: Localized(zh: "待预检", en: "to be checked")
        case .checking: Localized(zh: "预检中", en: "being checked")
        case .checked: Localized(zh: "已预检", en: "checked")
        case .importing: Localized(zh: "导入中", en: "being imported")
        case .imported: Localized(zh: "已导入", en: "imported")
        case .cancelled: Localized(zh: "已停下", en: "stopped")
        case .undoing: Localized(zh: "撤销中", en: "being undone")
        case .undone: Localized(zh: "已撤销", en: "undone")
        case .failed: Localized(zh: "出错停下", en: "failed")
        }
    }
}
