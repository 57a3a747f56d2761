import Desk
import Foundation
import Language
import Storage

extension DemoYear {
    private typealias Value = YearImport.Value

    /// Keeps the year in a shop that has none yet.
    /// - Parameters:
    ///   - buyers: of those who also write to the desk, by their names.
    ///   - pictures: of the items, in their order.
    ///   - rules: by which parcels are found to be in trouble.
    func keep(
        in past: YearImport, buyers: [String: BuyerID], pictures: [String], rules: PolicySet
    ) async throws {
        let (categories, places) = categoryRows()
        try await past.add(categories, to: .categories)
        try await past.add(
            items.enumerated().map { row(of: $1, picture: pictures[$0], places) }, to: .items)
        try await past.add(skus.map(row), to: .skus)
        try await past.add(orders.map { row(of: $0, buyers) }, to: .orders)
        try await past.add(orders.flatMap(lineRows), to: .lines)
        try await past.add(orders.flatMap(paymentRows), to: .payments)
        try await keepShelves(in: past)
        try await past.add(
            pastParcels(buyers), now: Instant(milliseconds: now), rules)
    }

    private func maybe(_ at: Int64?) -> Value { at.map(Value.number) ?? .none }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    // MARK: Goods

    private func categoryRows() -> (rows: [[Value]], places: [String: Int64]) {
        var rows: [[Value]] = []
        var places: [String: Int64] = [:]
        for family in DemoFamily.all {
            for (name, parent) in [(family.parent, ""), (family.category, family.parent)]
            where places[name] == nil {
                let id: CategoryID = Self.id(at: now - 420 * Self.day, rows.count + 1)
                places[name] = id.raw
                rows.append([
                    .number(id.raw), places[parent].map(Value.number) ?? .none, .text(name),
                    .text(family.kind), .number(Int64(rows.count)),
                ])
            }
        }
        return (rows, places)
    }

    private struct Fact: Encodable {
        let name: String
        let value: String
    }

    private struct Sizes: Encodable {
        let columns: [String]
        let rows: [[String]]
    }

    private struct Question: Encodable {
        let question: String
        let answer: String
    }

    private func row(of item: Item, picture: String, _ places: [String: Int64]) -> [Value] {
        let family = DemoFamily.all[item.family]
        let code = "Q\(100 + item.family)-\(item.design + 1)"
        let sizes = Sizes(
            columns: family.sizes.isEmpty ? [] : ["尺码", "胸围 cm", "衣长 cm"],
            rows: family.sizes.map { [$0.size, String($0.chest), String($0.length)] })
        let reading = Pinyin(item.title)
        return [
            .number(item.id.raw), .text(item.number), .text(code), .text(item.title),
            places[family.category].map(Value.number) ?? .none, .text(item.state),
            .text(Self.json(family.points)),
            .text(
                Self.json([
                    Fact(name: "设计", value: DemoFamily.designs[item.design]),
                    Fact(name: "类别", value: family.name),
                ])), .text(Self.json(sizes)),
            .text(
                Self.json([
                    Question(question: "多久发货？", answer: "付款后 48 小时内发出，大促期间以页面承诺为准。"),
                    Question(
                        question: "可以退换吗？",
                        answer: family.kind == "fresh"
                            ? "生鲜签收后 24 小时内有坏果包赔，不支持无理由退货。" : "支持七天无理由退换，吊牌和包装请保留。"),
                ])), .text(picture), .number(Int64(item.priceFrom)),
            .text(
                "\(item.title) \(reading.full) \(reading.initials) \(item.number) \(code.lowercased())"
            ),
            .number(now - Self.day), .number(1),
        ]
    }

    private func row(_ sku: SKU) -> [Value] {
        let axis = DemoFamily.all[items[sku.item].family].axis
        return [
            .number(sku.id.raw), .number(items[sku.item].id.raw), .text(sku.code),
            .text(sku.name), .text(Self.json([Fact(name: axis, value: sku.value)])),
            .number(Int64(sku.price)), .number(Int64(sku.listPrice)), .text(sku.barcode),
            .number(1), .number(Int64(sku.sort)),
        ]
    }

    // MARK: Orders

    private func row(of order: Order, _ buyers: [String: BuyerID]) -> [Value] {
        let place = DemoPeople.places[order.place]
        let paid = order.paidAt == nil ? 0 : order.payable
        // What is still to be sent was placed here, so that its stock is kept back here; of the past most came from elsewhere.
        let isOpen = order.shippedAt == nil && order.state != "closed"
        let source = isOpen || order.id.raw % 3 == 0 ? "qinke" : "taobao"
        let known = [
            order.createdAt, order.paidAt, order.shippedAt, order.completedAt, order.closedAt,
        ].compactMap { $0 }.max()
        return [
            .number(order.id.raw), .text(order.number), .text(source),
            buyers[order.nick].map { .number($0.raw) } ?? .none, .text(order.nick),
            .text(order.state), order.closeReason.map(Value.text) ?? .none,
            .number(order.createdAt),
            order.state == "awaitingPayment" ? .number(order.createdAt + Self.day) : .none,
            maybe(order.paidAt),
            order.state == "awaitingShipment"
                ? maybe(order.paidAt.map { $0 + 48 * Self.hour }) : .none,
            maybe(order.shippedAt), maybe(order.completedAt), maybe(order.closedAt),
            order.state == "shipped" ? maybe(order.shippedAt.map { $0 + 10 * Self.day }) : .none,
            .number(Int64(order.goods)), .number(Int64(order.freight)),
            .number(Int64(order.discount)), .number(Int64(order.payable)), .number(Int64(paid)),
            .number(Int64(order.refunded)), .text(order.name), .text(order.mobile),
            .text(place.region), .text(place.city), .text(place.district), .text(order.detail),
            .text(place.zip), .text(order.message), .text(order.memo), .number(Int64(order.flag)),
            maybe(known), .number(1),
        ]
    }

    private func lineRows(of order: Order) -> [[Value]] {
        order.lines.map { line in
            let sku = skus[line.sku]
            let item = items[sku.item]
            return [
                .number(line.id.raw), .number(order.id.raw), .text(line.number),
                .number(item.id.raw), .number(sku.id.raw), .text(item.title), .text(sku.name),
                .text(sku.code), .number(Int64(sku.price)), .number(Int64(line.quantity)),
                .number(Int64(line.discount)),
                .number(order.paidAt == nil ? 0 : Int64(line.paid)), .text(order.state),
                .text(line.refunded > 0 ? "done" : "none"), .number(Int64(line.refunded)),
            ]
        }
    }

    /// What came in for an order, and what was paid back; nobody paid anything.
    private func paymentRows(of order: Order) -> [[Value]] {
        guard let paidAt = order.paidAt else { return [] }
        func row(_ number: Int, _ at: Int64, _ kind: String, _ amount: Int) -> [Value] {
            let id: PaymentID = Self.id(at: at, Int(order.id.raw & 0xfffff) * 2 + number)
            return [
                .number(id.raw), .number(order.id.raw), .number(at), .text(kind),
                .number(Int64(amount)), .text("alipay"), .text("\(order.number)-\(number + 1)"),
                .number(1),
            ]
        }
        let paid = row(0, paidAt, "pay", max(1, order.payable))
        guard order.refunded > 0 else { return [paid] }
        let back = order.closedAt ?? order.completedAt ?? paidAt
        return [paid, row(1, back, "refund", order.refunded)]
    }
}
