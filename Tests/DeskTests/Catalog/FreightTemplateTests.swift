import Desk
import Testing

@Suite struct FreightTemplateTests {
    private static let template = FreightTemplate(
        id: FreightTemplateID(1), name: "全国快递", measure: .pieces,
        zones: [
            .init(
                regions: ["江苏", "浙江", "上海"], first: 2, firstFee: Money(fen: 600), more: 1,
                moreFee: Money(fen: 100)),
            .init(
                regions: ["新疆", "西藏"], first: 1, firstFee: Money(fen: 2_000), more: 2,
                moreFee: Money(fen: 1_500)),
            .init(
                regions: ["香港"], first: 1, firstFee: .zero, more: 1, moreFee: .zero,
                isClosed: true),
            .init(first: 1, firstFee: Money(fen: 1_000), more: 1, moreFee: Money(fen: 300)),
        ], freeFrom: Money(fen: 9_900))

    static let charges: [(to: String, pieces: Int, value: Int64, fee: Int64)] = [
        ("江苏省", 1, 1_000, 600), ("上海市", 2, 1_000, 600), ("浙江", 3, 1_000, 700),
        ("浙江", 5, 1_000, 900), ("新疆维吾尔自治区", 1, 1_000, 2_000),
        ("新疆", 2, 1_000, 3_500), ("西藏自治区", 3, 1_000, 3_500), ("西藏", 4, 1_000, 5_000),
        ("广东省", 1, 1_000, 1_000), ("广东省", 4, 1_000, 1_900), ("", 1, 1_000, 1_000),
        ("新疆", 9, 9_899, 8_000), ("新疆", 9, 9_900, 0), ("广东", 1, 20_000, 0),
    ]

    @Test(arguments: charges)
    func `the fee is the first step's and one more for every step begun`(
        row: (to: String, pieces: Int, value: Int64, fee: Int64)
    ) throws {
        let charge = try Self.template.charge(
            to: row.to, amount: row.pieces, value: Money(fen: row.value))
        #expect(charge.fee == Money(fen: row.fee))
        #expect(charge.reason == (row.fee == 0 ? .free : .counted))
        #expect(charge.toFree == (row.fee == 0 ? nil : Money(fen: 9_900 - row.value)))
    }

    @Test func `weight is counted in grams by the same steps`() throws {
        let byWeight = FreightTemplate(
            id: FreightTemplateID(2), name: "重货", measure: .weight,
            zones: [
                .init(first: 1_000, firstFee: Money(fen: 800), more: 500, moreFee: Money(fen: 200))
            ], freeFrom: nil)
        for (grams, fee) in [
            (1, 800), (1_000, 800), (1_001, 1_000), (1_500, 1_000), (2_600, 1_600),
        ] {
            let charge = try byWeight.charge(to: "广东", amount: grams, value: .zero)
            #expect(charge.fee == Money(fen: Int64(fee)), "\(grams) g")
            #expect(charge.toFree == nil)
        }
    }

    @Test func `nothing is sent where a zone is closed or none is named`() {
        #expect(throws: Refusal.self) {
            try Self.template.charge(to: "香港特别行政区", amount: 1, value: Money(fen: 99_999))
        }
        let narrow = FreightTemplate(
            id: FreightTemplateID(3), name: "同城", measure: .pieces,
            zones: [
                .init(
                    regions: ["上海"], first: 1, firstFee: .zero, more: 1, moreFee: .zero)
            ], freeFrom: nil)
        #expect(throws: Refusal.self) { try narrow.charge(to: "北京", amount: 1, value: .zero) }
        #expect(throws: Refusal.self) { try narrow.charge(to: "上海", amount: 0, value: .zero) }
    }

    @Test func `a region stands in one row only and no fee is below zero`() {
        let one = FreightTemplate.Zone(
            regions: ["广东"], first: 1, firstFee: .zero, more: 1, moreFee: .zero)
        let same = FreightTemplate.Zone(
            regions: ["广东省"], first: 1, firstFee: .zero, more: 1, moreFee: .zero)
        let below = FreightTemplate.Zone(
            first: 1, firstFee: Money(fen: -1), more: 1, moreFee: .zero)
        #expect(throws: Refusal.self) {
            try FreightDraft(name: "快递", measure: .pieces, zones: [one, same], freeFrom: nil)
        }
        #expect(throws: Refusal.self) {
            try FreightDraft(name: "快递", measure: .pieces, zones: [below], freeFrom: nil)
        }
        #expect(throws: Refusal.self) {
            try FreightDraft(name: "快递", measure: .pieces, zones: [], freeFrom: nil)
        }
    }
}
