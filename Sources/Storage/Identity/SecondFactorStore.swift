package import Desk
import SQL

/// The second factor of staff: an authenticator app and ten recovery codes.
package struct SecondFactorStore: Sendable {
    private let carryOut: CarryOut
    private let staffs: StaffStore

    package init(_ carryOut: CarryOut, _ staffs: StaffStore) {
        self.carryOut = carryOut
        self.staffs = staffs
    }

    private struct Named: Encodable {
        let name: String
    }

    /// Makes a seed that counts from ``enable(code:by:)`` on.
    /// - Returns: the seed in base 32, and the address for a QR code.
    package func begin(
        by actor: StaffPrincipal
    ) async throws -> (secret: String, uri: String) {
        let seed = TOTP.makeSeed()
        return try await carryOut(in: actor.shop, as: actor.actor) { act in
            if try Self.row(of: actor.id, in: act)?.enabled == true { throw Refusal.totpEnabled }
            try act.transaction.run(
                """
                INSERT INTO totp (shop, staff, seed, enabled_at, last_step)
                VALUES (\(act.shop), \(actor.id), \(seed), NULL, 0)
                ON CONFLICT (shop, staff) DO UPDATE SET seed = excluded.seed, last_step = 0
                """)
            let shop: String =
                try act.transaction.first("SELECT name FROM shop WHERE id = \(act.shop)")?.get(0)
                ?? ""
            return (Base32.text(seed), TOTP.uri(seed, shop: shop, login: actor.login))
        }
    }

    /// Turns it on once the app has shown that it knows the seed.
    /// - Returns: the recovery codes, told only now.
    package func enable(code: String, by actor: StaffPrincipal) async throws -> [String] {
        let codes = RecoveryCodes.make()
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let row = try Self.row(of: actor.id, in: act) else {
                throw Refusal(
                    .conflict, "totp.notBegun", zh: "请先扫描二维码", en: "Scan the QR code first")
            }
            if row.enabled { throw Refusal.totpEnabled }
            guard let step = TOTP.step(matching: code, row.seed, at: act.at, after: row.lastStep)
            else {
                throw Refusal(
                    .invalid, "totp.codeWrong", zh: "数字不对，请看手机上最新的一组",
                    en: "The code does not fit; take the latest one", field: "code")
            }
            try act.transaction.run(
                """
                UPDATE totp SET enabled_at = \(act.at), last_step = \(step)
                WHERE shop = \(act.shop) AND staff = \(actor.id)
                """)
            try act.transaction.run(
                "DELETE FROM recovery_code WHERE shop = \(act.shop) AND staff = \(actor.id)")
            for code in codes {
                try act.transaction.run(
                    """
                    INSERT INTO recovery_code (shop, staff, hash)
                    VALUES (\(act.shop), \(actor.id), \(RecoveryCodes.hash(code, of: actor.id)))
                    """)
            }
            try act.record("totp.enrolled", about: actor.id.raw, Named(name: actor.publicName))
        }
        return codes
    }

    /// - Throws: `password.wrong` unless `password` is the caller's.
    package func remove(password: String, by actor: StaffPrincipal) async throws {
        try await staffs.confirm(password, of: actor)
        try await carryOut(in: actor.shop, as: actor.actor) { act in
            guard let staff = try StaffRows.one(actor.id, of: act.shop, in: act.transaction) else {
                throw Refusal.unknownStaff
            }
            if staff.totp { try Self.remove(of: staff, in: act) }
        }
    }

    static func remove(of staff: Staff, in act: Act) throws {
        let (shop, id) = (act.shop, staff.id)
        try act.transaction.run("DELETE FROM totp WHERE shop = \(shop) AND staff = \(id)")
        try act.transaction.run("DELETE FROM recovery_code WHERE shop = \(shop) AND staff = \(id)")
        try act.record("totp.removed", about: id.raw, Named(name: staff.publicName))
    }

    /// Takes a code of the app or a recovery code, each at most once.
    /// - Throws: ``Refusal/loginCodeWrong``.
    static func check(_ code: String, of staff: Staff, in act: Act) throws {
        guard let row = try row(of: staff.id, in: act), row.enabled else {
            throw Refusal.loginCodeWrong
        }
        if let step = TOTP.step(matching: code, row.seed, at: act.at, after: row.lastStep) {
            try act.transaction.run(
                "UPDATE totp SET last_step = \(step) WHERE shop = \(act.shop) AND staff = \(staff.id)"
            )
            return
        }
        let used = try act.transaction.change(
            """
            UPDATE recovery_code SET used_at = \(act.at) WHERE shop = \(act.shop) AND staff = \(staff.id)
                AND hash = \(RecoveryCodes.hash(code, of: staff.id)) AND used_at IS NULL
            """)
        guard used == 1 else { throw Refusal.loginCodeWrong }
        try act.record("totp.recoveryUsed", about: staff.id.raw, Named(name: staff.publicName))
    }

    private struct Kept {
        let seed: [UInt8]
        let enabled: Bool
        let lastStep: Int64
    }

    private static func row(of staff: StaffID, in act: Act) throws -> Kept? {
        try act.transaction.first(
            """
            SELECT seed, enabled_at IS NOT NULL, last_step FROM totp
            WHERE shop = \(act.shop) AND staff = \(staff)
            """
        ).map { Kept(seed: try $0.get(0), enabled: try $0.get(1), lastStep: try $0.get(2)) }
    }
}

extension Refusal {
    fileprivate static let totpEnabled = Refusal(
        .conflict, "totp.enabled", zh: "两步验证已经开启", en: "The second factor is on already",
        instead: Localized(zh: "要换手机，请先关闭再开启", en: "To change the phone, turn it off and on again"))
}
