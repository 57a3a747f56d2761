import Desk
import Foundation
import Hummingbird
import Logging
import Realtime
import Storage
import Tables
import TestSupport
import Testing

@testable import Web

struct ExportRouteTests {
    /// A shop with one order, brought by a file whose cells look like formulas.
    private static func house(_ engine: Engine) async throws -> (IdentityHouse, ShopID) {
        let house = try await IdentityHouse.open(engine)
        let (shop, boss) = try await house.identity.testShop()
        let text =
            "订单号,买家会员名,总金额,订单状态,订单创建时间,品名,数量,收货人姓名,收货地址,联系手机,订单备注\n"
            + "3901234567890123456,云朵,12.50,交易成功,2026-05-01 10:00,\"=HYPERLINK(\"\"x\"\")\",1,王小满,文三路 1 号,13812345678,+1 催\n"
        let file = try BlobFolder(house.store.folder.appending(path: "files"))
        let imports = ImportStore(house.identity.carryOut)
        let bytes = Array(text.utf8)
        let recognition = try #require(
            Recognition.of(try TableFile(MemorySource(bytes)).head(10)))
        let batch = try await imports.receive(
            .init(
                name: "a.csv", size: bytes.count, blob: try file.keep(bytes), form: "csv",
                encoding: "UTF-8", recognition: recognition, takenAt: house.store.clock.now),
            by: boss)
        let service = ImportService(
            imports, blobs: file, zone: { _ in "Asia/Shanghai" }, logger: Logger(label: "test"))
        for deed in [ImportBatch.Deed.check, .start] {
            _ = try await imports.ask(deed, of: batch.id, by: boss)
            await service.round()
        }
        return (house, shop.id)
    }

    @Test(arguments: Engine.allCases)
    func `a list leaves masked, guarded, marked and written into the audit`(
        _ engine: Engine
    ) async throws {
        let (house, shop) = try await Self.house(engine)
        _ = try await house.identity.testStaff("sup", Standing(.supervisor, .supervisor), in: shop)
        let secret = try await house.identity.testLogIn("sup")
        let answer = try await house.call(.get, "/v1/exchange/export/orders", .cookie(secret))
        #expect(answer.status == 200)
        let lines = answer.body.split(separator: "\r\n").map(String.init)
        #expect(answer.body.hasPrefix("\u{feff}订单编号,"))
        #expect(lines.count == 3)
        #expect(lines[1].contains("3901234567890123456\t"))
        #expect(lines[1].contains("\"'=HYPERLINK(\"\"x\"\")\""))
        #expect(lines[1].contains("'+1 催"))
        #expect(lines[1].contains("王**") && lines[1].contains("138****5678"))
        #expect(!answer.body.contains("文三路") && !answer.body.contains("13812345678"))
        #expect(lines[2].contains("员工sup"))
        let told = try #require(house.store.announced("exchange.exported").last)
        #expect(told.body.contains("\"rows\":1") && told.body.contains("\"personal\":false"))

        let whole = try await house.call(
            .get, "/v1/exchange/export/orders?personal=1", .cookie(secret))
        #expect(whole.body.contains("文三路 1 号") && whole.body.contains("13812345678"))
        let later = try await house.call(
            .get, "/v1/exchange/export/orders?from=1893456000000", .cookie(secret))
        #expect(later.body.split(separator: "\r\n").count == 2)
        let unknown = try await house.call(.get, "/v1/exchange/export/secrets", .cookie(secret))
        #expect(unknown.status == 404)
    }

    @Test(arguments: Engine.allCases)
    func `who may not export, or not see receivers, is refused`(_ engine: Engine) async throws {
        let (house, shop) = try await Self.house(engine)
        _ = try await house.identity.testStaff("ag", Standing(.agent, .senior), in: shop)
        let agent = try await house.identity.testLogIn("ag")
        let answer = try await house.call(.get, "/v1/exchange/export/orders", .cookie(agent))
        #expect(answer.code == "permission.missing")
        _ = try await house.identity.testStaff("acc", Standing(.accountant, .trainee), in: shop)
        let accountant = try await house.identity.testLogIn("acc")
        let personal = try await house.call(
            .get, "/v1/exchange/export/orders?personal=1", .cookie(accountant))
        #expect(personal.code == "permission.missing")
    }

    @Test func `every list leaves in both forms`() async throws {
        let (house, _) = try await Self.house(.sqlite)
        let boss = try await house.identity.testLogIn("boss")
        for list in ExportList.allCases {
            for form in ["csv", "xlsx"] {
                let answer = try await house.call(
                    .get, "/v1/exchange/export/\(list.rawValue)?form=\(form)", .cookie(boss))
                #expect(answer.status == 200, "\(list) \(form) \(answer.body)")
            }
        }
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+86", "'+86"), ("-1", "-1"), ("-a", "'-a"), ("@x", "'@x"),
        ("a=1", "a=1"),
        (" =1", "' =1"), ("＝1", "'＝1"), ("", ""),
    ])
    func `no cell becomes a formula`(text: String, guarded: String) {
        #expect(ExportText.guarded(text) == guarded)
    }
}
