/// What a test waited for did not come.
package struct WaitedInVain: Error, CustomStringConvertible {
    package let description: String
}

/// Asks again and again, some hundred times a second, until the answer is yes.
///
/// Between two looks the processor is free: a test that merely yields takes it from those for whom it waits.
/// - Throws: ``WaitedInVain`` after `limit`, or what the condition threw.
package func until(
    _ what: String, within limit: Duration = .seconds(120),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            throw WaitedInVain(description: "waited \(limit) in vain: \(what)")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
