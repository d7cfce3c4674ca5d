import Core
import TestKit
import Testing

@testable import Generation

/// The stages of a request, in their order.
@Suite struct GeneratorStageTests {
    @Test func everyStageComesInItsOrder() async throws {
        let fixture = try GenerationFixture()
        let trace = Recorder<String>()
        let plain = fixture.request()
        let note: @Sendable (String) -> Void = { stage in
            let open = (try? fixture.openAttempts().count) ?? -1
            let rows = (try? fixture.rows().count) ?? -1
            let kept = fixture.isCached(plain) ? "kept" : "not kept"
            trace.append("\(stage): \(open) open, \(rows) in the ledger, \(kept)")
        }
        fixture.provider.whileCalled { _ in note("called") }
        let request = fixture.request { _ in
            note("checked")
            return nil
        }
        _ = try await fixture.generator.generate(request) { event in
            switch event {
            case .requestStarted: note("started")
            case .requestSent: note("sent")
            case .textDelta(_, let text): note("wrote \(text)")
            case .requestAnswered: note("answered")
            default: note("something else")
            }
        }
        #expect(
            trace.elements == [
                "started: 0 open, 0 in the ledger, not kept", "sent: 1 open, 0 in the ledger, not kept",
                "called: 1 open, 0 in the ledger, not kept", "wrote Hello: 1 open, 0 in the ledger, not kept",
                "wrote  ther: 1 open, 0 in the ledger, not kept", "wrote e.: 1 open, 0 in the ledger, not kept",
                "checked: 0 open, 1 in the ledger, not kept", "answered: 0 open, 1 in the ledger, kept",
            ])
    }

    @Test func hitIsAnsweredAtOnce() async throws {
        let fixture = try GenerationFixture()
        try await fixture.generate(fixture.request())
        try await fixture.generate(fixture.request())
        #expect(
            fixture.stages == [
                "started", "sent", "delta Hello", "delta  ther", "delta e.", "answered", "started", "answered",
            ])
    }

    @Test func eventsNameTheRequestAndWhatItCameTo() async throws {
        let fixture = try GenerationFixture()
        let request = fixture.request()
        let generated = try await fixture.generate(request)
        let events = fixture.events.elements
        #expect(
            events.first
                == .requestStarted(
                    request: request.id, role: .sceneSmith, provider: "scripted", model: "model-1",
                    step: "draft_scenes", isConsultation: false))
        #expect(
            events.last == .requestAnswered(request: request.id, record: generated.record, text: "Hello there."))
    }

    @Test func permitNamesTheOpenAttemptAndTheRequest() async throws {
        let fixture = try GenerationFixture()
        let open = Recorder<ULID>()
        fixture.provider.whileCalled { _ in
            for attempt in (try? fixture.openAttempts()) ?? [] { open.append(attempt) }
        }
        let request = fixture.request()
        try await fixture.generate(request)
        let permit = try #require(fixture.provider.permits.first)
        #expect(open.elements == [permit.attempt])
        #expect(permit.idempotencyKey == request.id)
    }

    @Test func latencyIsTheCallsOwn() async throws {
        let fixture = try GenerationFixture()
        fixture.provider.whileCalled { _ in fixture.time.advance(seconds: 1.5) }
        #expect(try await fixture.generate(fixture.request()).record.latencyMilliseconds == 1_500)
        #expect(try await fixture.generate(fixture.request()).record.latencyMilliseconds == 0)
    }
}
