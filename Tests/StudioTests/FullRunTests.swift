import Core
import Foundation
import Studio
import SuiteKit
import TestKit
import Testing
import Workspace

extension RunOrder {
    static let lighthouse = "A lighthouse keeper finds a second light."

    /// The studio's whole run, from a brief to a book.
    static func fullRun(seed: UInt64 = 1, jobs: Int = 1) -> RunOrder {
        RunOrder(loop: "full_production_run", brief: lighthouse, seed: seed, jobs: jobs)
    }
}

/// The studio's whole run on the embedded provider.
@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct FullRunTests {
    private func book(_ fixture: StoryFixture) throws -> BookFiles { try BookFiles(in: fixture.workspace.root) }

    @Test(arguments: [1, 2, 7] as [UInt64]) func aBriefBecomesABookWorthPlaying(seed: UInt64) async throws {
        let fixture = try StoryFixture()
        let run = try await fixture.run(.fullRun(seed: seed))
        #expect(run.report.state == .done, "\(String(describing: run.report.error))")
        #expect(run.report.artifacts.allSatisfy { $0.needsReview == nil })
        let decisions = try fixture.artifacts("gatecheck_report").map { $0.data["decision"]?.string }
        #expect(decisions.count == 3 && decisions.allSatisfy { $0 != nil && $0 != "block" }, "\(decisions)")

        let book = try book(fixture)
        #expect(Set(book.files.keys) == ["book.html", "book.json", "book.md", "book.twee"])
        let scenes = try #require(try book.document()["scenes"]?.array)
        #expect(scenes.count >= 12 && scenes.count { $0["ending"]?.bool == true } >= 3)
        #expect(try book.story()["scenes"]?.array?.count == scenes.count)
        let twee = try Twee(book.text("book.twee"))
        let data = try JSONValue(parsing: twee.passages["StoryData"] ?? "")
        let reached = twee.reached(from: try #require(data["start"]?.string))
        #expect(reached == Set(scenes.compactMap { $0["title"]?.string }) && reached.count == scenes.count)
        for scene in scenes {
            let sentences = try #require(scene["text"]?.string).sentences
            let repeated = Dictionary(grouping: sentences) { $0 }.filter { $1.count > 1 }.keys
            #expect(sentences.count > 4 && repeated.isEmpty, "\(repeated)")
        }
    }

    @Test func theSameRunAgainAsksNobodyAndWritesTheSameBook() async throws {
        let fixture = try StoryFixture()
        let first = try await fixture.run(.fullRun()).report
        let before = try book(fixture)
        let second = try await fixture.run(.fullRun()).report
        #expect(second.state == .done && second.tokens == 0)
        #expect(second.requests == first.requests && second.hits == second.requests)
        #expect(try book(fixture) == before)
    }

    @Test func anotherDayAndMoreRequestsAtOnceMakeTheSameBook() async throws {
        let first = try StoryFixture()
        _ = try await first.run(.fullRun())
        let second = try StoryFixture()
        second.time.advance(seconds: 40 * 86_400 + 12_345)
        _ = try await second.run(.fullRun(jobs: 4))
        #expect(try book(first) == book(second))
    }

    @Test func loopsOfDormantRolesAreLeftOut() async throws {
        let run = try await StoryFixture().run(.fullRun())
        let notices = run.events.notices(ofErrors: false).filter { $0.contains("is left out") }
        #expect(
            notices
                == [
                    ("art_touch_up", "art_director"), ("audio_pass", "audio_director"),
                    ("translation_pass", "translator"),
                ].map { "\($0) is left out: \($1) is dormant; name it under roles to call it in" })
        #expect(Set(run.report.artifacts.map(\.type)).isDisjoint(with: ["art_render", "audio_asset", "language_pack"]))
    }

    @Test func rolesThatAreCalledInPutPicturesAndSoundsIntoTheBook() async throws {
        let fixture = try StoryFixture(
            """
            roles:
              art_director: {}
              illustrator: { provider: embedded }
              audio_director: {}
              audio_producer: { provider: embedded }
              translator: {}
            """)
        let run = try await fixture.run(.fullRun())
        #expect(run.report.state == .done, "\(String(describing: run.report.error))")
        #expect(!run.events.notices(ofErrors: false).contains { $0.contains("is left out") })
        #expect(run.report.artifacts.contains { $0.type == "language_pack" })
        var sources: Set<String> = []
        for type in ["art_render", "audio_asset"] {
            let stored = run.report.artifacts.filter { $0.type == type }
            #expect(!stored.isEmpty)
            for stored in stored {
                let artifact = try #require(
                    try FileStore(fixture.workspace, time: fixture.time).artifact(stored.id, .cold))
                let file = try #require(artifact.data["file"]?.string)
                let bytes = try #require(
                    FileManager.default.contents(atPath: "\(fixture.workspace.root)/.questfoundry/\(file)"))
                let media = try #require(artifact.data["media_type"]?.string)
                sources.insert("data:\(media);base64,\(bytes.base64EncodedString())")
            }
        }
        let media = (try book(fixture).story()["scenes"]?.array ?? []).flatMap { $0["media"]?.array ?? [] }
        #expect(Set(media.compactMap { $0["source"]?.string }) == sources)
        #expect(sources.contains { $0.hasPrefix("data:image/png") } && sources.contains { $0.hasPrefix("data:audio/") })
    }
}

extension String {
    /// Its sentences, without what stands around them.
    fileprivate var sentences: [String] {
        split { ".?!\n".contains($0) }
            .map { $0.trimmingCharacters(in: .whitespaces.union(.punctuationCharacters)) }
            .filter { !$0.isEmpty }
    }
}
