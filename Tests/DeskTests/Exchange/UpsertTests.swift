import Desk
import Testing

struct UpsertTests {
    private static func at(_ hour: Int64) -> Instant { Instant(milliseconds: hour * 3_600_000) }

    private static func told(_ state: ImportedOrder.State?, until: Int64?) -> ImportedOrder {
        var order = ImportedOrder()
        order.number = "1"
        order.state = state
        order.updatedAt = until.map(at)
        return order
    }

    private static func known(
        _ state: ImportedOrder.State, until: Int64?, changedHere: Int64? = nil, isOwn: Bool = false
    ) -> Upsert.Known {
        Upsert.Known(
            state: state, sourceKnownUntil: until.map(at), changedHere: changedHere.map(at),
            isOwn: isOwn)
    }

    @Test func `a table of cases`() {
        let cases: [(ImportedOrder, Upsert.Known?, Bool, Upsert)] = [
            (Self.told(.shipped, until: 5), nil, true, .make),
            (Self.told(.shipped, until: 5), Self.known(.awaitingShipment, until: 3), true, .change),
            (Self.told(.shipped, until: 5), Self.known(.shipped, until: 5), false, .same),
            (Self.told(.awaitingShipment, until: 2), Self.known(.shipped, until: 5), true, .older),
            // The same moment: not back on its way, but other facts may be added.
            (Self.told(.awaitingShipment, until: 5), Self.known(.shipped, until: 5), true, .older),
            (Self.told(.shipped, until: 5), Self.known(.shipped, until: 5), true, .change),
            (Self.told(nil, until: 5), Self.known(.shipped, until: 5), true, .change),
            // Changed at the desk after the file was made at hour 10.
            (
                Self.told(.shipped, until: 9),
                Self.known(.awaitingShipment, until: 3, changedHere: 11), true, .older
            ),
            (
                Self.told(.shipped, until: 9),
                Self.known(.awaitingShipment, until: 3, changedHere: 8), true, .change
            ),
            (
                Self.told(.shipped, until: 9),
                Self.known(.awaitingShipment, until: nil, isOwn: true), true, .ours
            ),
            // A file without times is as old as itself.
            (
                Self.told(.shipped, until: nil), Self.known(.awaitingShipment, until: 11), true,
                .older
            ),
            (
                Self.told(.shipped, until: nil), Self.known(.awaitingShipment, until: 9), true,
                .change
            ),
        ]
        for (told, known, differs, result) in cases {
            #expect(
                Upsert.order(told, known: known, takenAt: Self.at(10), differs: differs) == result,
                "\(told) \(String(describing: known))")
        }
    }
}
