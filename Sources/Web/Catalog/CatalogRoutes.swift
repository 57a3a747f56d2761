import Desk
import Hummingbird
import Storage

/// Goods, their categories, and what is wrong with their listings.
struct CatalogRoutes: Sendable {
    let catalog: CatalogStore

    var routes: [Route] {
        [
            .staff(.get, "/v1/items", .catalogRead, list),
            .staff(.post, "/v1/items", .catalogEdit, add),
            .staff(.get, "/v1/items/{id}", .catalogRead, one),
            .staff(.put, "/v1/items/{id}", .catalogEdit, change),
            .staff(.get, "/v1/items/{id}/mistakes", .catalogRead, mistakes),
            .staff(.post, "/v1/items/{id}/mistakes", .catalogRead, report),
            .staff(.get, "/v1/mistakes", .catalogEdit, openMistakes),
            .staff(.post, "/v1/mistakes/{id}/resolve", .catalogEdit, resolve),
            .staff(.get, "/v1/categories", .catalogRead, categories),
            .staff(.post, "/v1/categories", .catalogEdit, addCategory),
            .staff(.put, "/v1/categories/{id}", .catalogEdit, changeCategory),
        ]
    }

    private static let unknownItem = Refusal.unknown("item", zh: "商品", en: "item")
    private static let unknownCategory = Refusal.unknown("category", zh: "分类", en: "category")
    private static let unknownMistake = Refusal.unknown("mistake", zh: "报错", en: "report")

    // MARK: - Items

    private struct Page: Encodable {
        let items: [ItemWire]
        /// The `before` of the next page; absent at the end.
        let next: ItemID?
    }

    private struct One: Encodable {
        let item: ItemWire
    }

    private static func wrongQuery(_ name: String) -> Refusal {
        Refusal(
            .invalid, "item.query", zh: "参数 \(name) 不对", en: "The parameter \(name) does not fit",
            field: name)
    }

    private static func id<Of>(_ request: Request, _ name: String) throws(Refusal) -> ID<Of>? {
        guard let text = request.query(name) else { return nil }
        guard let id = ID<Of>(text) else { throw wrongQuery(name) }
        return id
    }

    private func asked(_ request: Request) throws(Refusal) -> ItemQuery {
        var query = ItemQuery()
        query.typed = request.query("q") ?? ""
        query.category = try Self.id(request, "category")
        query.before = try Self.id(request, "before")
        if let state = request.query("state") {
            guard let state = ListingState(rawValue: state) else { throw Self.wrongQuery("state") }
            query.state = state
        }
        if let limit = request.query("limit") {
            guard let limit = Int(limit), (1...CatalogStore.mostOnPage).contains(limit) else {
                throw Self.wrongQuery("limit")
            }
            query.limit = limit
        }
        return query
    }

    @Sendable
    private func list(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let query = try asked(request)
        let items = try await catalog.items(query, of: staff.shop)
        return try .json(
            Page(
                items: items.map(ItemWire.init),
                next: items.count == query.limit ? items.last?.id : nil))
    }

    @Sendable
    private func one(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let item = try await catalog.item(
            try visit.id(or: Self.unknownItem), of: staff.shop)
        return try .json(One(item: ItemWire(item)))
    }

    @Sendable
    private func add(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let draft = try await request.json(ItemBody.self, visit).draft()
        let item = try await catalog.add(draft, by: staff)
        return try .json(One(item: ItemWire(item)), status: .created)
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ItemID = try visit.id(or: Self.unknownItem)
        let body = try await request.json(ItemBody.self, visit)
        guard let version = body.version else {
            throw Refusal(
                .invalid, "item.versionNeeded", zh: "请带上读到的版本号 version",
                en: "Say which version was read", field: "version")
        }
        let item = try await catalog.change(id, try body.draft(), readAs: version, by: staff)
        return try .json(One(item: ItemWire(item)))
    }

    // MARK: - Mistakes

    private struct Mistakes: Encodable {
        let mistakes: [MistakeWire]
        let parts: [Word]

        init(_ all: [ListingMistake]) {
            mistakes = all.map(MistakeWire.init)
            parts = ListingMistake.Part.allCases.map { Word(code: $0.rawValue, $0.name) }
        }
    }

    private struct OneMistake: Encodable {
        let mistake: MistakeWire
    }

    private struct Report: Decodable {
        let part: ListingMistake.Part
        let text: String
    }

    private struct Resolution: Decodable {
        let answer: String
    }

    @Sendable
    private func mistakes(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ItemID = try visit.id(or: Self.unknownItem)
        return try .json(Mistakes(try await catalog.mistakes(of: id, in: staff.shop)))
    }

    @Sendable
    private func openMistakes(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try .json(Mistakes(try await catalog.openMistakes(in: staff.shop)))
    }

    @Sendable
    private func report(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ItemID = try visit.id(or: Self.unknownItem)
        let body = try await request.json(Report.self, visit)
        let mistake = try await catalog.report(body.part, body.text, of: id, by: staff)
        return try .json(OneMistake(mistake: MistakeWire(mistake)), status: .created)
    }

    @Sendable
    private func resolve(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: ListingMistakeID = try visit.id(or: Self.unknownMistake)
        let body = try await request.json(Resolution.self, visit)
        let mistake = try await catalog.resolve(id, body.answer, by: staff)
        return try .json(OneMistake(mistake: MistakeWire(mistake)))
    }

    // MARK: - Categories

    private struct Categories: Encodable {
        let categories: [CategoryWire]
        let kinds: [Word]
    }

    private struct OneCategory: Encodable {
        let category: CategoryWire
    }

    private struct CategoryBody: Decodable {
        let parent: CategoryID?
        let name: String
        let kind: Category.Kind?
        let sort: Int?

        func draft() throws(Refusal) -> CategoryDraft {
            try CategoryDraft(
                parent: parent, name: name, kind: kind ?? .general, sort: sort ?? 0)
        }
    }

    @Sendable
    private func categories(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let all = try await catalog.categories(of: staff.shop)
        return try .json(
            Categories(
                categories: all.map(CategoryWire.init),
                kinds: Category.Kind.allCases.map { Word(code: $0.rawValue, $0.name) }))
    }

    @Sendable
    private func addCategory(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let draft = try await request.json(CategoryBody.self, visit).draft()
        let category = try await catalog.add(draft, by: staff)
        return try .json(OneCategory(category: CategoryWire(category)), status: .created)
    }

    @Sendable
    private func changeCategory(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: CategoryID = try visit.id(or: Self.unknownCategory)
        let draft = try await request.json(CategoryBody.self, visit).draft()
        let category = try await catalog.change(id, draft, by: staff)
        return try .json(OneCategory(category: CategoryWire(category)))
    }
}
