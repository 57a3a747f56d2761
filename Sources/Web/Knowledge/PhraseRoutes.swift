import Desk
import Hummingbird
import Storage

/// Quick phrases.
struct PhraseRoutes: Sendable {
    let identity: Identity

    var routes: [Route] {
        [
            .staff(.get, "/v1/phrases", .phrasesUse, all),
            .staff(.post, "/v1/phrases", .phrasesUse, add),
            .staff(.put, "/v1/phrases/{id}", .phrasesUse, change),
            .staff(.delete, "/v1/phrases/{id}", .phrasesUse, remove),
            .staff(.post, "/v1/phrases/{id}/use", .phrasesUse, use),
        ]
    }

    private static let unknown = Refusal.unknown("phrase", zh: "短语", en: "phrase")

    private struct Wire: Encodable {
        let id: QuickPhraseID
        let scope: QuickPhrase.Scope
        let shortcut: String
        let title: String
        let text: String
        let pinyin: String
        let initials: String
        let uses: Int
        let version: Int

        init(_ phrase: QuickPhrase) {
            id = phrase.id
            scope = phrase.scope
            shortcut = phrase.shortcut
            title = phrase.title
            text = phrase.text
            pinyin = phrase.pinyin
            initials = phrase.initials
            uses = phrase.uses
            version = phrase.version
        }
    }

    private struct All: Encodable {
        let phrases: [Wire]
        let variables: [Word]
    }

    private struct One: Encodable {
        let phrase: Wire
    }

    private struct Body: Decodable {
        let scope: QuickPhrase.Scope
        let shortcut: String?
        let title: String
        let text: String
        let version: Int?

        func draft() throws(Refusal) -> PhraseDraft {
            try PhraseDraft(scope: scope, shortcut: shortcut ?? "", title: title, text: text)
        }
    }

    @Sendable
    private func all(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let phrases = try await identity.phrases.all(for: staff)
        return try .json(
            All(
                phrases: phrases.map(Wire.init),
                variables: PhraseVariable.allCases.map { Word(code: $0.rawValue, $0.name) }))
    }

    @Sendable
    private func add(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let draft = try await request.json(Body.self, visit).draft()
        let phrase = try await identity.phrases.add(draft, by: staff)
        return try .json(One(phrase: Wire(phrase)), status: .created)
    }

    @Sendable
    private func change(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        let id: QuickPhraseID = try visit.id(or: Self.unknown)
        let body = try await request.json(Body.self, visit)
        guard let version = body.version else {
            throw Refusal(
                .invalid, "phrase.versionNeeded", zh: "请带上读到的版本号 version",
                en: "Say which version was read", field: "version")
        }
        let phrase = try await identity.phrases.change(
            id, try body.draft(), readAs: version, by: staff)
        return try .json(One(phrase: Wire(phrase)))
    }

    @Sendable
    private func remove(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await identity.phrases.remove(try visit.id(or: Self.unknown), by: staff)
        return .nothing
    }

    @Sendable
    private func use(
        _ request: Request, _ visit: Visit, _ staff: StaffPrincipal
    ) async throws -> Response {
        try await identity.phrases.use(try visit.id(or: Self.unknown), by: staff)
        return .nothing
    }
}
