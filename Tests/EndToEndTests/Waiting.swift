import Testing

/// Waits until something has become true; records an issue when it has not within a minute.
func waitUntil(_ what: String, _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !isTrue() {
        guard ContinuousClock.now < deadline else {
            Issue.record("not so within the deadline: \(what)")
            return
        }
        try await Task.sleep(for: .milliseconds(50))
    }
}
