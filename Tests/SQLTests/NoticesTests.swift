import Foundation
import SQL
import Testing

@Suite struct NoticesTests {
    @Test func `every subscriber of a channel hears its notices in order`() async throws {
        let notices = InProcessNotices()
        defer { notices.close() }
        let (first, one) = try heard(notices, "tail")
        let (second, two) = try heard(notices, "tail")
        let (other, three) = try heard(notices, "elsewhere")
        for number in 0..<200 { try notices.publish("tail", "\(number)") }
        try notices.publish("elsewhere", "last")
        let wanted = (0..<200).map { News.notice("\($0)") }
        #expect(await first.take(200) == wanted)
        #expect(await second.take(200) == wanted)
        #expect(await other.take(1) == [.notice("last")])
        withExtendedLifetime([one, two, three]) {}
    }

    @Test func `an ended subscription hears nothing more`() async throws {
        let notices = InProcessNotices()
        defer { notices.close() }
        let (first, subscription) = try heard(notices, "tail")
        let (second, kept) = try heard(notices, "tail")
        try notices.publish("tail", "a")
        #expect(await first.take(1) == [.notice("a")])
        subscription.end()
        try notices.publish("tail", "b")
        #expect(await second.take(2) == [.notice("a"), .notice("b")])
        first.end()
        #expect(await first.take(1) == [])
        withExtendedLifetime(kept) {}
    }

    @Test(arguments: ["", "Tail", "a-b", "a b", "a\"", String(repeating: "a", count: 41)])
    func `a channel's name is plain`(name: String) throws {
        let notices = InProcessNotices()
        defer { notices.close() }
        #expect(throws: NoticeFailure.channelName(name)) { try notices.publish(name, "") }
        #expect(throws: NoticeFailure.channelName(name)) {
            _ = try notices.subscribe(name) { _ in }
        }
    }

    @Test func `a payload has a longest length and no end inside`() throws {
        let notices = InProcessNotices()
        defer { notices.close() }
        try notices.publish("tail", String(repeating: "a", count: 7_900))
        #expect(throws: NoticeFailure.tooLong(bytes: 7_901)) {
            try notices.publish("tail", String(repeating: "a", count: 7_901))
        }
        #expect(throws: NoticeFailure.self) { try notices.publish("tail", "a\0b") }
    }

    private func heard(_ notices: some Notices, _ channel: String) throws -> (
        Ear, NoticeSubscription
    ) {
        let ear = Ear()
        return (ear, try notices.subscribe(channel) { ear.hear($0) })
    }
}

/// Keeps what a subscriber was told.
private final class Ear: Sendable {
    private let stream: AsyncStream<News>
    private let continuation: AsyncStream<News>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func hear(_ news: News) { continuation.yield(news) }

    func end() { continuation.finish() }

    func take(_ count: Int) async -> [News] {
        var taken: [News] = []
        for await news in stream {
            taken.append(news)
            if taken.count == count { break }
        }
        return taken
    }
}
