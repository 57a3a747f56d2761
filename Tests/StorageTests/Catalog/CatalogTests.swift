import Desk
import SQL
import Storage
import TestSupport
import Testing

@Suite struct CatalogTests {
    private func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Refusal)?.code ?? "\(error)"
        }
    }

    private func shirt(
        _ number: String = "T-100", title: String = "纯棉短袖T恤", category: CategoryID? = nil,
        skus: [SKUDraft]? = nil
    ) throws -> ItemDraft {
        try ItemDraft(
            number: number, outerID: "OUT-\(number)", title: title, category: category,
            sellingPoints: ["透气不闷"], attributes: [Attribute("材质", "纯棉")],
            sizeChart: SizeChart(columns: ["尺码", "胸围"], rows: [["M", "96"], ["L", "100"]]),
            questions: [ItemQuestion("会缩水吗？", "机洗不缩水。")],
            skus: skus ?? [
                try SKUDraft(
                    outerID: "\(number)-RM", name: "红色;M",
                    attributes: [Attribute("颜色", "红色"), Attribute("尺码", "M")],
                    price: Money(fen: 5_900), listPrice: Money(fen: 9_900)),
                try SKUDraft(outerID: "\(number)-BL", name: "蓝色;L", price: Money(fen: 4_900)),
            ])
    }

    private func ask(_ typed: String, in category: CategoryID? = nil) -> ItemQuery {
        var query = ItemQuery()
        query.typed = typed
        query.category = category
        return query
    }

    @Test(arguments: Engine.allCases)
    func `an item comes back as it was written, with its lowest price`(engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let made = try await identity.catalog.add(try shirt(), by: owner)
        let read = try await identity.catalog.item(made.id, of: shop.id)
        #expect(read == made)
        #expect(read.priceFrom == Money(fen: 4_900) && read.version == 1)
        #expect(read.skus.map(\.name) == ["红色;M", "蓝色;L"])
        #expect(read.sizeChart.rows.count == 2 && read.questions.count == 1)
        #expect(store.announced("item.added").count == 1)
        let first = try #require(read.skus.first)
        let sku = try await store.database.read { transaction in
            let byID = try CatalogStore.sku(first.id, of: shop.id, in: transaction)
            #expect(
                try CatalogStore.sku(outerID: "T-100-RM", of: shop.id, in: transaction) == byID)
            #expect(
                try CatalogStore.item(number: "T-100", of: shop.id, in: transaction) == read)
            #expect(try CatalogStore.sku(first.id, of: ShopID(1), in: transaction) == nil)
            return byID
        }
        #expect(sku?.listPrice == Money(fen: 9_900))
    }

    @Test(arguments: Engine.allCases)
    func `a change keeps the ids of variants and takes away what was left out`(engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let identity = store.identity()
        let (_, owner) = try await identity.testShop()
        let made = try await identity.catalog.add(try shirt(), by: owner)
        let changed = try await identity.catalog.change(
            made.id,
            try shirt(skus: [
                // The same variant by its code, under another name and price.
                try SKUDraft(outerID: "T-100-BL", name: "藏蓝;L", price: Money(fen: 5_500)),
                try SKUDraft(outerID: "T-100-GL", name: "绿色;L", price: Money(fen: 6_000)),
            ]), readAs: 1, by: owner)
        #expect(changed.version == 2 && changed.priceFrom == Money(fen: 5_500))
        let byName = Dictionary(uniqueKeysWithValues: changed.skus.map { ($0.name, $0) })
        #expect(byName["藏蓝;L"]?.id == made.skus.last?.id)
        #expect(byName["红色;M"]?.isActive == false)
        #expect(byName["红色;M"]?.outerID == "T-100-RM")
        #expect(byName["绿色;L"]?.isActive == true)
        #expect(
            await code {
                _ = try await identity.catalog.change(
                    made.id, try shirt(), readAs: 1, by: owner)
            } == "item.changed")
    }

    @Test(arguments: Engine.allCases)
    func `numbers and codes are one item's and one variant's only`(engine: Engine) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (_, owner) = try await identity.testShop()
        _ = try await identity.catalog.add(try shirt(), by: owner)
        #expect(
            await code { _ = try await identity.catalog.add(try shirt(), by: owner) }
                == "item.numberTaken")
        #expect(
            await code {
                _ = try await identity.catalog.add(
                    try shirt(
                        "T-2",
                        skus: [
                            try SKUDraft(
                                outerID: "T-100-RM", name: "", price: Money(fen: 1))
                        ]), by: owner)
            } == "sku.codeTaken")
        #expect(
            await code {
                _ = try await identity.catalog.add(
                    try shirt("T-3", category: CategoryID(77)), by: owner)
            } == "category.unknown")
        let trainee = try await identity.testStaff(
            "new", Standing(.agent, .trainee), in: owner.shop)
        #expect(
            await code { _ = try await identity.catalog.add(try shirt("T-4"), by: trainee) }
                == "permission.missing")
    }

    @Test(arguments: Engine.allCases)
    func `goods are found by title, numbers, codes and initials, page by page`(engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let catalog = identity.catalog
        let clothes = try await catalog.add(CategoryDraft(name: "服装"), by: owner)
        let shirts = try await catalog.add(
            CategoryDraft(parent: clothes.id, name: "上衣"), by: owner)
        _ = try await catalog.add(try shirt(category: shirts.id), by: owner)
        _ = try await catalog.add(try shirt("K_200", title: "保温杯 500ml"), by: owner)
        for typed in ["短袖", "t-100", "OUT-T-100", "T-100-BL", "cmdx", "chunmian", "纯棉 t-1"] {
            let found = try await catalog.items(ask(typed), of: shop.id)
            #expect(found.map(\.number) == ["T-100"], "\(typed)")
        }
        #expect(try await catalog.items(ask("K_2"), of: shop.id).map(\.number) == ["K_200"])
        #expect(try await catalog.items(ask("T_1"), of: shop.id).isEmpty)
        #expect(try await catalog.items(ask("100%"), of: shop.id).isEmpty)
        #expect(
            try await catalog.items(ask("", in: clothes.id), of: shop.id).map(\.number)
                == ["T-100"])
        var query = ItemQuery()
        query.limit = 1
        let first = try await catalog.items(query, of: shop.id)
        query.before = first.last?.id
        let second = try await catalog.items(query, of: shop.id)
        #expect((first + second).map(\.number) == ["K_200", "T-100"])
        query.before = second.last?.id
        #expect(try await catalog.items(query, of: shop.id).isEmpty)
        #expect(try await catalog.items(ItemQuery(), of: ShopID(1)).isEmpty)
    }

    @Test(arguments: Engine.allCases)
    func `a mistake is reported by who sees goods and dealt with once by who edits them`(
        engine: Engine
    ) async throws {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let catalog = identity.catalog
        let item = try await catalog.add(try shirt(), by: owner)
        let agent = try await identity.testStaff("li", Standing(.agent, .trainee), in: shop.id)
        let told = try await catalog.report(.price, "标价比活动价低", of: item.id, by: agent)
        #expect(try await catalog.openMistakes(in: shop.id) == [told])
        #expect(
            await code { _ = try await catalog.resolve(told.id, "改了", by: agent) }
                == "permission.missing")
        let done = try await catalog.resolve(told.id, "已改价", by: owner)
        #expect(done.resolvedBy == owner.id && done.answer == "已改价")
        #expect(try await catalog.mistakes(of: item.id, in: shop.id) == [done])
        #expect(try await catalog.openMistakes(in: shop.id).isEmpty)
        #expect(
            await code { _ = try await catalog.resolve(told.id, "又改", by: owner) }
                == "mistake.resolved")
        #expect(
            await code { _ = try await catalog.report(.title, " ", of: item.id, by: agent) }
                == "mistake.text")
    }

    @Test(arguments: Engine.allCases)
    func `freight is counted by the item's template, and free without one`(engine: Engine)
        async throws
    {
        let store = try await engine.store()
        let identity = store.identity()
        let (shop, owner) = try await identity.testShop()
        let zone = FreightTemplate.Zone(
            first: 1, firstFee: Money(fen: 800), more: 1, moreFee: Money(fen: 200))
        let template = try await identity.freight.save(
            FreightDraft(
                name: "快递", measure: .pieces, zones: [zone], freeFrom: Money(fen: 9_900)),
            as: nil, by: owner)
        #expect(try await identity.freight.all(of: shop.id) == [template])
        let plain = try await identity.catalog.add(try shirt(), by: owner)
        let sent = try await identity.catalog.add(
            ItemDraft(
                number: "F-1", title: "台灯", freightTemplate: template.id,
                skus: [SKUDraft(name: "", price: Money(fen: 5_000))]), by: owner)
        let free = try await identity.freight.quote(
            plain.id, to: "广东", amount: 3, value: .zero, of: shop.id)
        #expect(free.fee == .zero && free.reason == .free)
        let counted = try await identity.freight.quote(
            sent.id, to: "广东", amount: 3, value: Money(fen: 5_000), of: shop.id)
        #expect(counted.fee == Money(fen: 1_200) && counted.toFree == Money(fen: 4_900))
        #expect(
            await code {
                _ = try await identity.freight.quote(
                    sent.id, to: "广东", amount: 1, value: .zero, of: ShopID(1))
            } == "item.unknown")
    }
}
