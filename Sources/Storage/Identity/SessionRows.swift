import Desk
import SQL

/// Ending log-ins: one row and one event each, so that the sockets of each are told.
enum SessionRows {
    private struct Ended: Encodable {
        let staff: StaffID
        let name: String
        let by: String
        let reason: String
    }

    static func endAll(
        of staff: Staff, reason: String, except kept: SessionID?, in act: Act
    ) throws {
        let rows = try act.transaction.rows(
            """
            SELECT id FROM session WHERE shop = \(act.shop) AND staff = \(staff.id) AND ended_at IS NULL ORDER BY id
            """)
        for row in rows {
            let id: SessionID = try row.get(0)
            if id != kept { try end(id, of: staff, reason: reason, in: act) }
        }
    }

    /// - Returns: false when it had ended before.
    @discardableResult
    static func end(
        _ id: SessionID, of staff: Staff, reason: String, in act: Act
    ) throws -> Bool {
        let changed = try act.transaction.change(
            """
            UPDATE session SET ended_at = \(act.at), ended_by = \(act.actor.name), ended_reason = \(reason)
            WHERE shop = \(act.shop) AND id = \(id) AND ended_at IS NULL
            """)
        guard changed > 0 else { return false }
        try act.record(
            "session.ended", about: id.raw,
            Ended(staff: staff.id, name: staff.publicName, by: act.actor.name, reason: reason))
        return true
    }
}
