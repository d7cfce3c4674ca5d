import Core
import Metering
import Studio
import TestKit
import Testing

/// What the journal tells of a session, as scripts read it.
@Suite(.timeLimit(.minutes(10))) struct JournalTests {
    private func record(_ event: SessionEvent) -> SessionEventRecord {
        SessionEventRecord(
            session: ULID(at: ManualTime().now()), moment: Moment(wall: 1_795_521_600_000_000, sinceBoot: 0),
            event: event)
    }

    @Test func eventsAreFlatAndInSnakeCase() throws {
        let run = ULID(at: ManualTime().now())
        let paused = record(.runPaused(run: run, role: .sceneSmith, limit: "global", until: 1_795_521_660_000_000)).json
        #expect(paused["event"]?.string == "run_paused" && paused["time"]?.string == "2026-11-24T12:00:00.000Z")
        #expect(paused["until"]?.string == "2026-11-24T12:01:00.000Z" && paused["role"]?.string == "scene_smith")
        let note = record(.runSteered(run: run, order: .note("No ghosts."), author: "dashboard")).json
        #expect(note["order"] == ["note": "No ghosts."] && note["author"]?.string == "dashboard")
        let alert = BudgetAlert(
            scope: "global", name: nil, period: "day", threshold: 0.8, spent: try Money(dollars: "4"),
            limit: try Money(dollars: "5"), resetsAt: 1_795_521_660_000_000)
        let told = record(.budgetAlert(alert)).json
        #expect(told["spent"]?.string == "4" && told["resets_at"]?.string == "2026-11-24T12:01:00.000Z")
    }

    @Test func everyEventOfASessionIsInItsJournal() async throws {
        let server = try await FakeOpenAIServer.start()
        let fixture = try StoryFixture(server)
        let run = try await fixture.run(RunOrder(count: 1))
        let later = try fixture.session()
        #expect(try later.journal().map(\.event) == run.events.gathered)
        let sessions = try later.sessions()
        #expect(sessions.map(\.id) == [run.session] && sessions.first?.state == .done)
        #expect(throws: RunError.self) { try later.journal(of: later.id) }
        await later.close()
    }
}
