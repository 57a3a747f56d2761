/// What the window shows.
extension ReplayClient {
    /// Whether it shows a message, or will never show anything again.
    func showsOrGone(_ number: Int, of conversation: String) -> Bool {
        gone || timelines[conversation]?[number] != nil
    }

    /// What people said, in order.
    func said(in conversation: String) -> [WireMessage] {
        (timelines[conversation] ?? [:]).values.filter(\.isSaid).sorted { $0.number < $1.number }
    }

    /// Whether nothing more comes: the conversation was closed, or the server left.
    func isOver(_ conversation: String) -> Bool { gone || closed.contains(conversation) }

    /// Waits until everything that was missed has been told.
    func comesToLife(within time: Duration) async {
        let until = clock.now + time
        while !live, !gone, clock.now < until { try? await Task.sleep(for: .milliseconds(20)) }
    }
}
