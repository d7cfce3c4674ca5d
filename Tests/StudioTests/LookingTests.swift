import Configuration
import Core
import Foundation
import Metering
import TestKit
import Testing

@testable import Studio
@testable import Workspace

/// What a session tells of single requests and roles, and how artifacts are found and edited.
@Suite struct LookingTests {
    @Test func requestIsToldWholeWithItsPrompt() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        let report = await session.run(RunOrder(seed: 7))
        #expect(report.error == nil)
        let card = try await session.card(of: .sceneSmith, kind: .text)
        let last = try #require(card.last)
        guard case .text(let call)? = last.asked?.call else {
            Issue.record("no prompt")
            return
        }
        #expect(call.messages.count >= 2 && last.asked?.origin.step == "draft_scenes")
        #expect(last.lines.count == 1 && last.lines.first?.role == "scene_smith")
        #expect(last.events.contains { if case .requestAnswered = $0.event { true } else { false } })
        #expect(card.calls.count == report.artifacts.count { $0.type == "scene" })
        #expect(card.settings.contains { $0.path == "roles.scene_smith.provider" && $0.value == "embedded" })
        #expect(card.settings.allSatisfy { !$0.source.isEmpty })
        await session.close()
        // Another process knows all but the prompt.
        let later = try fixture.session()
        let remembered = try await later.card(of: last.request)
        #expect(remembered.asked == nil && remembered.lines == last.lines && remembered.events == last.events)
        #expect(try await later.card(of: .sceneSmith, kind: .text).last?.request == last.request)
        #expect(try later.events(upTo: .max, last: 3).count == 3)
        await later.close()
    }

    @Test func promptsThatAreKeptAreBounded() {
        let book = RequestBook()
        let ids = (0..<300).map { _ in ULID(at: ManualTime().now()) }
        for (index, id) in ids.enumerated() {
            let text = String(repeating: "x", count: index < 100 ? 100_000 : 10)
            let call = TextCall(provider: "p", providerType: "p", model: "m", messages: [Message(.user, text)])
            let origin = RequestOrigin(session: id, run: id, loop: "", step: "\(index)", role: .sceneSmith)
            book.note(GenerationRequest(id: id, call: .text(call), origin: origin))
        }
        #expect(book[ids[299]]?.origin.step == "299" && book[ids[0]] == nil && book[ids[99]] == nil)
        #expect(
            book.last(of: .sceneSmith, kind: .text)?.id == ids[299] && book.last(of: .gatekeeper, kind: .text) == nil)
    }

    @Test func nameOfAPieceLeadsToTheTakeThatCounts() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        let scenes = await session.run(RunOrder(seed: 7)).artifacts.filter { $0.type == "scene" }
        _ = await session.run(RunOrder(seed: 7, take: 2))
        let first = try #require(scenes.first?.id)
        #expect(try await session.artifact(first).artifact.id == first)
        let second = try await session.piece(first).artifact
        #expect(second.id != first && second.pieceID == first && second.take == 2)
        _ = try await session.accept(first)
        #expect(try await session.piece(first).artifact.id == first)
        // The other takes still go by the name of one that is gone.
        try await session.delete([first])
        #expect(try await session.piece(first).artifact.id == second.id)
        await #expect(throws: WorkspaceError.self) { try await session.piece("nothing") }
        await session.close()
    }

    @Test func editIsTakenOnceAndItsTextIsNeverLost() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        let id = try #require(await session.run(RunOrder(seed: 7)).artifacts.first { $0.type == "scene" }?.id)
        func write(_ text: String, to open: OpenEdit) throws {
            try text.write(toFile: open.path, atomically: false, encoding: .utf8)
        }
        func exists(_ open: OpenEdit) -> Bool { FileManager.default.fileExists(atPath: open.path) }

        let unchanged = try await session.openEdit(id)
        #expect(try await session.take(unchanged) == unchanged.edit.artifact && !exists(unchanged))
        let left = try await session.openEdit(id)
        #expect(left.leave().isEmpty && !exists(left))

        let open = try await session.openEdit(id)
        try write("Sun.\n", to: open)
        let after = try await session.take(open)
        #expect(after.data["text"] == "Sun." && after.revision == 2 && !exists(open))

        let broken = try await session.openEdit(id, isWhole: true)
        try write("{", to: broken)
        let problem = await #expect(throws: OpenEdit.Failure.self) { try await session.take(broken) }
        #expect(problem?.message.contains("your text is in \(broken.path)") == true && problem?.cause == nil)
        #expect(exists(broken))

        let late = try await session.openEdit(id)
        _ = try await session.keep(try await session.edit(id), data: ["id": JSONValue(id), "text": "Rain."])
        try write("Snow.\n", to: late)
        let conflict = await #expect(throws: OpenEdit.Failure.self) { try await session.take(late) }
        #expect(conflict?.cause?.code == .conflict && exists(late))
        await session.close()
    }
}
