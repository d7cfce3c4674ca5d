import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

/// What a store does with names, links and files that it must not trust, and with several writers.
@Suite struct FileStoreSafetyTests {
    private let fixture: WorkspaceFixture
    private let store: FileStore

    init() throws {
        fixture = try WorkspaceFixture()
        store = try fixture.store()
    }

    private func keep(_ draft: ArtifactDraft) throws -> (artifact: Artifact, outcome: DraftOutcome) {
        try store.keep(draft, at: fixture.time.now())
    }

    private let hook = ".questfoundry/hot/hooks/hook-1.json"

    @Test(arguments: [
        "", ".", "..", ".hidden", "../x", "../../x", "a/b", "/etc/passwd", "a\0b", "a\nb", "a\u{7F}",
        String(repeating: "a", count: 201), String(repeating: "é", count: 101),
    ])
    func nameThatIsAPathIsRefused(_ id: String) throws {
        try fixture.write(#"{"type": "hook_card", "data": {}, "metadata": {}}"#, to: ".questfoundry/x.json")
        let before = try fixture.snapshot()
        let error = #expect(throws: WorkspaceError.self) { try keep(.sample(id)) }
        #expect(error?.code == .badName)
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        #expect(try store.artifact(id, .hot) == nil)
        #expect(try fixture.snapshot() == before)
    }

    @Test(arguments: ["a", "a..b", "x y", "-rf", "日本語", "hook.json", String(repeating: "a", count: 200)])
    func nameThatIsAFileNameIsTaken(_ id: String) throws {
        #expect(try keep(.sample(id)).outcome == .written)
        #expect(try store.artifact(id, .hot)?.id == id)
        #expect(try store.artifacts(ofType: "hook_card").map(\.id) == [id])
    }

    @Test func artifactBehindALinkIsNeitherReadNorWritten() throws {
        let outside = fixture.folder.file("outside.json")
        try Data(#"{"type": "hook_card", "data": {"title": "secret"}}"#.utf8).write(to: URL(filePath: outside))
        try fixture.write("", to: ".questfoundry/hot/hooks/other.txt")
        try FileManager.default.createSymbolicLink(atPath: fixture.file(hook), withDestinationPath: outside)
        let before = try FolderSnapshot(fixture.folder.path).items
        let errors = [
            #expect(throws: WorkspaceError.self) { _ = try store.artifact("hook-1", .hot) },
            #expect(throws: WorkspaceError.self) { _ = try store.artifacts(ofType: "hook_card") },
            #expect(throws: WorkspaceError.self) { _ = try keep(.sample()) },
        ]
        for error in errors {
            #expect(error?.code == .badName)
            #expect(error?.path == fixture.file(hook))
        }
        let after = try FolderSnapshot(fixture.folder.path).items
        for name in ["outside.json", "book/" + hook, "book/.questfoundry/hot/hooks"] {
            #expect(after[name] == before[name], "\(name)")
        }
    }

    @Test(arguments: ["", "{oops", "[]", "\"text\"", #"{"type": "hook_card"} {}"#])
    func damagedFileIsNamedAndLeftAsItIs(_ text: String) throws {
        try fixture.write(text, to: hook)
        let before = try fixture.snapshot(".questfoundry/hot")
        let errors = [
            #expect(throws: WorkspaceError.self) { _ = try store.artifact("hook-1", .hot) },
            #expect(throws: WorkspaceError.self) { _ = try store.artifacts(ofType: "hook_card") },
            #expect(throws: WorkspaceError.self) { _ = try keep(.sample()) },
        ]
        for error in errors {
            #expect(error?.code == .damaged)
            #expect(error?.path == fixture.file(hook))
            #expect(error?.description.contains(fixture.file(hook)) == true)
        }
        #expect(try fixture.snapshot(".questfoundry/hot") == before)
    }

    @Test(arguments: ["folder", "pipe", "huge file"])
    func whatIsNoArtifactsFileIsNamed(_ kind: String) throws {
        let path = fixture.file(hook)
        try fixture.write("", to: ".questfoundry/hot/hooks/other.txt")
        switch kind {
        case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        case "pipe": #expect(mkfifo(path, 0o600) == 0)
        default:
            try fixture.write("", to: hook)
            #expect(truncate(path, StoredFile.byteLimit + 1) == 0)
        }
        let error = #expect(throws: WorkspaceError.self) { _ = try store.artifact("hook-1", .hot) }
        #expect(error?.code == .damaged)
        #expect(error?.path == path)
    }

    @Test func everyTextComesBackAsItWas() throws {
        let text = #"{"a":[9007199254740993,1e21,-0.0,1.0,NaN],"":"\ud800 \u001b","b":"\#u{5E9}\#u{202E}\#u{200D}"}"#
        var draft = ArtifactDraft.sample()
        draft.data = try JSONValue(parsing: text)
        _ = try keep(draft)
        #expect(try store.artifact("hook-1", .hot)?.data.text() == text)
        #expect(try keep(draft).outcome == .unchanged)
    }

    @Test func writersAtOnceCountEveryRevision() async throws {
        let count = 24
        let kept = try await withThrowingTaskGroup(of: (revision: Int, outcome: DraftOutcome).self) { group in
            for index in 0..<count {
                group.addTask { [self] in
                    let kept = try keep(.sample(title: "Fog \(index)"))
                    return (kept.artifact.revision, kept.outcome)
                }
            }
            var kept: [(revision: Int, outcome: DraftOutcome)] = []
            for try await one in group { kept.append(one) }
            return kept
        }
        #expect(kept.allSatisfy { $0.outcome == .written })
        #expect(kept.map(\.revision).sorted() == Array(1...count))
        let artifact = try #require(try store.artifact("hook-1", .hot))
        #expect(artifact.revision == count)
        #expect(try keep(.sample(title: artifact.title)).outcome == .unchanged)
        #expect(try fixture.snapshot(".questfoundry/hot").names == ["hooks", "hooks/hook-1.json"])
    }

    @Test func writersOfTheSameContentWriteItOnce() async throws {
        let outcomes = try await withThrowingTaskGroup(of: DraftOutcome.self) { group in
            for _ in 0..<8 {
                group.addTask { [self] in try keep(.sample()).outcome }
            }
            var outcomes: [DraftOutcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        #expect(outcomes.count(where: { $0 == .written }) == 1)
        #expect(outcomes.count(where: { $0 == .unchanged }) == 7)
        #expect(try store.artifact("hook-1", .hot)?.revision == 1)
    }
}
