import CPQ

extension Link {
    /// Reads what the server sent by itself.
    func receive() throws -> [(channel: String, payload: String)] {
        guard isAlive, PQconsumeInput(pg) == 1 else { throw lost() }
        return notices()
    }

    /// The notices that came with what was read.
    func notices() -> [(channel: String, payload: String)] {
        var found: [(String, String)] = []
        while let notice = PQnotifies(pg) {
            found.append(
                (String(cString: notice.pointee.relname), String(cString: notice.pointee.extra)))
            PQfreemem(notice)
        }
        return found
    }
}
