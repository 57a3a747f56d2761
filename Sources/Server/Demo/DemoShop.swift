import Desk
import Foundation
import Storage

/// The demonstration's shop: people, groups, phrases and a past.
///
/// Made once; what is there already is left as it is.
struct DemoShop: Sendable {
    struct Person: Sendable {
        let login: String
        let name: String
        let nickname: String
        let standing: Standing
        let cap: Int?
    }

    static let slug = "demo"
    /// For everybody in the demonstration, which listens on this machine only.
    static let password = "sunny-orange-2026"

    static let owner = "laoban"
    static let supervisor = Person(
        login: "zhuguan", name: "周敏", nickname: "主管小周", standing: Standing(.supervisor, .manager),
        cap: nil)
    /// The one whom the person at the screen plays.
    static let agent = Person(
        login: "xiaocheng", name: "程小满", nickname: "小橙", standing: Standing(.agent, .senior),
        cap: 12)
    private static let others = [
        Person(
            login: "anan", name: "南一舟", nickname: "阿南", standing: Standing(.agent, .mid), cap: nil),
        Person(
            login: "qingning", name: "宁青", nickname: "青柠", standing: Standing(.agent, .junior),
            cap: nil),
        Person(
            login: "maizi", name: "麦穗", nickname: "麦子",
            standing: Standing(.agent, .trainee, .partTime),
            cap: nil),
    ]

    let house: House

    /// - Returns: whether anything had to be made.
    func make() async throws -> Bool {
        let identity = house.identity
        guard try await !isWhole() else { return false }
        if try await identity.shops.isEmpty() {
            _ = try await identity.shops.make(
                name: "亲客小店", slug: Self.slug,
                owner: .init(login: Self.owner, name: "老板", password: Self.password))
        }
        let shop = try await identity.shops.one(slug: Self.slug)
        guard let owner = try await identity.staff.one(login: Self.owner)?.asPrincipal else {
            throw Refusal.unknownStaff
        }
        for person in [Self.supervisor, Self.agent] + Self.others {
            guard try await identity.staff.one(login: person.login) == nil else { continue }
            _ = try await identity.staff.add(
                NewStaff(
                    login: person.login, name: person.name, nickname: person.nickname,
                    standing: person.standing, cap: person.cap, password: Self.password),
                to: shop.id, by: nil)
        }
        try await groups(shop.id, owner)
        try await phrases(owner)
        try await past(shop.id)
        try await year(of: shop.id, identity: try await identify(), owner)
        return true
    }

    /// A new secret with which the demonstration signs its buyers in.
    func identify() async throws -> DemoIdentity {
        guard let owner = try await house.identity.staff.one(login: Self.owner)?.asPrincipal else {
            throw Refusal.unknownStaff
        }
        return DemoIdentity(secret: try await house.identity.shops.rotateIdentity(by: owner))
    }

    /// A year of orders; those who will write to the desk are among the buyers.
    private func year(
        of shop: ShopID, identity: DemoIdentity, _ owner: StaffPrincipal
    ) async throws {
        let past = YearImport(house.carryOut, into: shop)
        guard try await !past.isThere() else { return }
        var buyers: [String: BuyerID] = [:]
        for name in DemoBuyers.names {
            let opened = try await house.identity.buyers.open(
                .init(name: name, identity: try identity.token(name)), in: shop)
            buyers[name] = opened.buyer.id
        }
        let year = DemoYear(endingAt: House.clock())
        let pictures = try await pictures(of: year, in: shop, by: owner.actor)
        try await year.keep(
            in: past, buyers: buyers, pictures: pictures, rules: house.identity.policies.now(shop))
    }

    /// Draws every item's picture and keeps it; as uploads of the owner.
    private func pictures(
        of year: DemoYear, in shop: ShopID, by owner: Actor
    ) async throws -> [String] {
        let blobs = house.blobs
        let drawn = try await withThrowingTaskGroup(of: (Int, Int, BlobKey).self) { group in
            for (index, item) in year.items.enumerated() {
                group.addTask {
                    let bytes = DemoPicture.draw(
                        DemoFamily.all[item.family], design: item.design)
                    return (index, bytes.count, try blobs.keep(bytes))
                }
            }
            var drawn: [(index: Int, size: Int, blob: BlobKey)] = []
            for try await (index, size, blob) in group { drawn.append((index, size, blob)) }
            return drawn.sorted { $0.index < $1.index }
        }
        return try await house.carryOut(in: shop, as: owner) { act in
            try drawn.map { picture in
                let upload = Upload(
                    id: act.newID(), uploader: owner, at: act.at,
                    name: "\(year.items[picture.index].title).jpg", kind: .jpeg,
                    size: picture.size, width: DemoPicture.side, height: DemoPicture.side,
                    hasThumbnail: false)
                try UploadStore.add(
                    .init(upload: upload, blob: picture.blob, thumbnail: nil), to: act.shop,
                    in: act.transaction)
                return upload.id.description
            }
        }
    }

    private func isWhole() async throws -> Bool {
        guard !(try await house.identity.shops.isEmpty()),
            let owner = try await house.identity.staff.one(login: Self.owner)?.asPrincipal,
            try await house.identity.staff.all(of: owner.shop).count > Self.others.count + 2,
            try await !house.identity.phrases.all(for: owner).isEmpty
        else { return false }
        guard try await YearImport(house.carryOut, into: owner.shop).isThere() else { return false }
        let (past, _) = HistoryFile.parse(try DemoFiles.text("history.jsonl"))
        guard let last = past.last else { return true }
        return try await HistoryImport(house.carryOut).knows(last.id, in: owner.shop)
    }

    private func groups(_ shop: ShopID, _ owner: StaffPrincipal) async throws {
        guard try await house.identity.groups.all(of: shop).isEmpty else { return }
        let staff = try await house.identity.staff.all(of: shop)
        func members(_ logins: [String]) -> [StaffID] {
            staff.filter { logins.contains($0.login) }.map(\.id)
        }
        _ = try await house.identity.groups.add(
            name: "售前", members: members(["xiaocheng", "anan", "qingning"]), by: owner)
        _ = try await house.identity.groups.add(
            name: "售后", members: members(["xiaocheng", "maizi", "zhuguan"]), by: owner)
    }

    private struct Phrases: Decodable {
        struct Phrase: Decodable {
            let shortcut: String
            let title: String
            let text: String
        }
        let phrases: [Phrase]
    }

    private func phrases(_ owner: StaffPrincipal) async throws {
        guard try await house.identity.phrases.all(for: owner).isEmpty else { return }
        let file = try JSONDecoder().decode(
            Phrases.self, from: Data(try DemoFiles.text("phrases.json").utf8))
        for phrase in file.phrases {
            let draft = try PhraseDraft(
                scope: .shop, shortcut: phrase.shortcut, title: phrase.title, text: phrase.text)
            _ = try await house.identity.phrases.add(draft, by: owner)
        }
    }

    private func past(_ shop: ShopID) async throws {
        let (past, faults) = HistoryFile.parse(try DemoFiles.text("history.jsonl"))
        if let fault = faults.first { throw House.Failure(message: fault.message) }
        _ = try await HistoryFile.take(past, into: shop, preview: false, house) { _ in }
    }
}

extension Staff {
    /// As the command line acts for them, without a session.
    fileprivate var asPrincipal: StaffPrincipal {
        StaffPrincipal(
            id: id, shop: shop, login: login, name: name, nickname: nickname, standing: standing,
            department: department, permissions: standing.permissions, groups: groups, cap: cap,
            session: nil, token: nil)
    }
}
