package import Desk
import SQL

/// What people do about a parcel.
extension ParcelStore {
    private struct Asked: Encodable {
        let waybill: String
        let request: Parcel.Request?
        let note: String
    }

    /// Asks the carrier to stop a parcel or to bring it elsewhere.
    package func ask(
        _ request: Parcel.Request, note: String, of id: ParcelID, by actor: StaffPrincipal
    ) async throws -> Parcel {
        try await change(id, "parcel.requested", by: actor) { parcel, _ in
            try parcel.asked(request, note: note)
        }
    }

    /// Records what the carrier answered.
    package func answer(
        done: Bool, of id: ParcelID, by actor: StaffPrincipal
    ) async throws -> Parcel {
        try await change(id, "parcel.answered", by: actor) { parcel, _ in
            try parcel.answered(done)
        }
    }

    /// The buyer says that a signed parcel is not with them.
    package func claim(_ id: ParcelID, by actor: StaffPrincipal) async throws -> Parcel {
        try await change(id, "parcel.claimed", by: actor) { parcel, act in
            try parcel.claimed(at: act.at)
        }
    }

    package func rename(
        _ id: ParcelID, waybill: String, carrier: String, by actor: StaffPrincipal
    ) async throws -> Parcel {
        let number = try WaybillNumber.read(waybill)
        return try await change(id, "parcel.renamed", by: actor) { parcel, act in
            let carriers = try CarrierStore.byCode(of: act.shop, in: act.transaction)
            guard carriers[carrier] != nil else {
                throw Refusal(
                    .invalid, "parcel.carrier", zh: "请选择快递公司", en: "Choose a carrier",
                    field: "carrier")
            }
            let policy = try PolicyStore.inForce(act.shop, at: act.at, in: act.transaction)
            return try parcel.renamed(
                number, carrier: carrier, at: act.at, within: policy.span(.parcelRename))
        }
    }

    private func change(
        _ id: ParcelID, _ kind: String, by actor: StaffPrincipal,
        _ decide: @escaping @Sendable (Parcel, Act) throws -> Parcel
    ) async throws -> Parcel {
        try actor.require(.parcelEdit)
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let before = try Self.load(id, of: act.shop, in: act.transaction) else {
                throw Refusal.parcelUnknown
            }
            var parcel = try decide(before, act)
            try Self.keep(&parcel, before: before, in: act)
            try act.record(
                kind, about: id.raw,
                Asked(
                    waybill: parcel.waybill.text, request: parcel.request,
                    note: parcel.requestNote),
                reach: Reach(wholeShop: true))
            return parcel
        }
    }
}
