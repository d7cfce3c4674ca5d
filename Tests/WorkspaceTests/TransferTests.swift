import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

@Suite struct TransferTests {
    enum Kind: CaseIterable { case file, sqlite, memory }

    private let folder: TemporaryFolder
    private let fixtures: [WorkspaceFixture]

    init() throws {
        folder = try TemporaryFolder()
        fixtures = try [WorkspaceFixture(), WorkspaceFixture()]
    }

    private var moment: Moment { fixtures[0].time.now() }

    private func store(_ kind: Kind, _ index: Int) throws -> any StateStore {
        let fixture = fixtures[index]
        let workspace = try fixture.create(name: "Ferry \(index)")
        return switch kind {
        case .file: fixture.store(workspace)
        case .sqlite: SQLiteStore(workspace, time: fixture.time)
        case .memory: MemoryStore(workspace.info, time: fixture.time)
        }
    }

    private func artifact(_ id: String, _ title: String = "Fog", type: String = "hook_card") -> Artifact {
        Artifact(
            id: id, type: type, data: ["title": JSONValue(title), "n": .number(JSONNumber(.nan))],
            metadata: JSONObject([("created", "2026-01-01T00:00:00"), ("modified", "2026-01-02T00:00:00")]))
    }

    private func fill(_ store: any StateStore) throws {
        for id in ["a", "b"] { try store.write(artifact(id), .hot, over: nil) }
        try store.write(artifact("a", "Cold"), .cold, over: nil)
        try store.write(artifact("a", "Colder"), .cold, over: artifact("a", "Cold").stamp)
        try store.add(
            Snapshot(id: "SNAP-1", unit: "TU-1", description: "d", at: moment), holding: [artifact("a", "Held")])
        try store.save(ThematicUnit(id: "TU-1", status: "open", snapshotID: "SNAP-1", at: moment))
    }

    private func export(_ store: any StateStore, history: Bool = true) throws -> (path: String, count: Int) {
        let path = folder.file("state-\(UUID().uuidString).jsonl")
        var text = ""
        let count = try StateExport(of: store, includesHistory: history).write(at: moment) { text += $0 }
        try Data(text.utf8).write(to: URL(filePath: path))
        return (path, count)
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// All that a store holds, without the head, which tells a time.
    private func records(_ store: any StateStore, history: Bool = true) throws -> [String] {
        Array(try lines(export(store, history: history).path).dropFirst())
    }

    @Test(arguments: Kind.allCases, Kind.allCases)
    func stateGoesFromAnyStoreToAnyOther(_ from: Kind, _ to: Kind) throws {
        let (source, target) = (try store(from, 0), try store(to, 1))
        try fill(source)
        try target.write(artifact("z", "Goes"), .hot, over: nil)
        try target.write(artifact("z", "Goes"), .cold, over: nil)
        try target.save(ThematicUnit(id: "TU-9", status: "open", at: moment))
        let (path, count) = try export(source)
        let outcome = try StateImport(into: target).replace(with: try StateSource(path: path))
        #expect(outcome.added == count && count == 9)
        #expect(try records(target) == records(source))
        #expect(try target.artifact("z", .hot) == nil && target.unit("TU-9") == nil)
    }

    @Test(arguments: Kind.allCases)
    func mergingKeepsWhatIsThere(_ kind: Kind) throws {
        let (source, target) = (try store(.memory, 0), try store(kind, 1))
        try fill(source)
        let mine = artifact("a", "Mine")
        try target.write(mine, .hot, over: nil)
        let opened = try StateSource(path: export(source, history: false).path)
        #expect(try StateImport(into: target).merge(opened) == .init(added: 4, kept: 1))
        #expect(try target.artifact("a", .hot) == mine)
        #expect(try target.artifact("b", .hot) == artifact("b"))
        #expect(try target.artifact("a", .cold)?.title == "Colder")
        #expect(try target.contents(ofSnapshot: "SNAP-1").map(\.title) == ["Held"])
        #expect(try target.project().name == "Ferry 1")
        let before = try records(target)
        #expect(try StateImport(into: target).merge(opened) == .init(added: 0, kept: 5))
        #expect(try records(target) == before)
    }

    @Test func historyIsMergedOnce() throws {
        let (source, target) = (try store(.sqlite, 0), try store(.sqlite, 1))
        try fill(source)
        let opened = try StateSource(path: export(source).path)
        _ = try StateImport(into: target).merge(opened)
        let told = try target.history()
        #expect(Set(try source.history()).isSubset(of: told))
        _ = try StateImport(into: target).merge(opened)
        #expect(try target.history() == told)
    }

    @Test func withoutHistoryTheOwnOneStays() throws {
        let (source, target) = (try store(.memory, 0), try store(.sqlite, 1))
        try fill(source)
        try target.write(artifact("z"), .cold, over: nil)
        let own = try target.history()
        _ = try StateImport(into: target).replace(with: StateSource(path: export(source, history: false).path))
        #expect(try target.history() == own)
    }

    /// What somebody may have done to the lines of an export.
    private static let harms: [String: @Sendable ([String]) -> [String]] = [
        "cut off": { Array($0.dropLast()) }, "cut in a line": { Array($0.dropLast(2)) + [String($0[3].prefix(20))] },
        "a line lost": { Array($0[..<2] + $0[3...]) }, "a line doubled": { Array($0[...2] + $0[2...]) },
        "no JSON": { Array($0[..<2]) + ["{oops"] + Array($0[2...]) }, "another file": { _ in ["{}", "{}"] },
        "empty": { _ in [] },
        "a newer one": { [$0[0].replacing(#""version":1"#, with: #""version":2"#)] + $0[1...] },
        "a path": { $0.map { $0.replacing(#""id":"b""#, with: #""id":"../b""#) } },
        "something unknown": { $0.map { $0.replacing(#""record":"unit""#, with: #""record":"wish""#) } },
        "more after the end": { $0 + [$0[2]] },
    ]

    @Test(arguments: harms.keys.sorted())
    func harmedExportChangesNothing(_ harm: String) throws {
        let (source, target) = (try store(.memory, 0), try store(.file, 1))
        try fill(source)
        let path = try export(source).path
        let change = try #require(Self.harms[harm])
        try Data(change(lines(path)).joined(separator: "\n").utf8).write(to: URL(filePath: path))
        let before = try fixtures[1].snapshot()
        let error = #expect(throws: WorkspaceError.self) { try StateSource(path: path) }
        #expect(error?.code == (harm == "a newer one" ? .newerVersion : .damaged))
        #expect(error?.message.contains(path) == true)
        #expect(try fixtures[1].snapshot() == before)
        _ = target
    }

    @Test func exportThatWouldLeaveSomethingOutFails() throws {
        let store = try store(.file, 0)
        try fill(store)
        try fixtures[0].write("{oops", to: ".questfoundry/hot/scenes/broken.json")
        let error = #expect(throws: WorkspaceError.self) { try export(store) }
        #expect(error?.path.hasSuffix("broken.json") == true)
    }

    @Test func exportOfThePythonProgramIsRead() throws {
        let path = folder.file("export.json")
        let text = #"""
            {"project": {"name": "Py", "description": "d"},
             "artifacts": [{"id": "HOOK-1", "type": "hook_card", "data": {"n": 1e21}},
                {"id": "C-1", "type": "canon_pack", "data": {}, "metadata": {"temperature": "cold", "x": null}}],
             "tus": [{"tu_id": "TU-1", "status": "open", "snapshot_id": null, "created": "c", "modified": "m", "data": {},
                "metadata": {}}],
             "snapshots": [{"snapshot_id": "S-1", "tu_id": "TU-1", "created": "c", "description": "", "metadata": {}}]}
            """#
        try Data(text.utf8).write(to: URL(filePath: path))
        let store = try store(.file, 0)
        let outcome = try StateImport(into: store).merge(StateSource(path: path))
        #expect(outcome == .init(added: 4, kept: 0))
        #expect(try store.artifact("HOOK-1", .hot)?.data.text() == #"{"n":1e21}"#)
        #expect(try store.artifact("C-1", .cold)?.metadata["x"] == .null)
        #expect(try store.unit("TU-1")?.status == "open" && store.snapshots().map(\.id) == ["S-1"])
        try Data(text.replacing("HOOK-1", with: "../x").utf8).write(to: URL(filePath: path))
        #expect(throws: WorkspaceError.self) { try StateSource(path: path) }
    }

    private func writeSnapshotFolder(_ hook: String) throws -> String {
        let root = folder.file("snapshot")
        for (name, text) in [
            (
                "manifest.yml",
                """
                snapshot: {snapshot_id: SNAP-7, tu_id: TU-1, created: '2026-01-01T00:00:00', description: Fog}
                artifacts:
                  hook_card: [HOOK-1]
                  odd_type: [ODD-1]
                """
            ), ("hooks/HOOK-1.yml", hook),
            ("other/ODD-1.yml", "type: odd_type\nid: ODD-1\ndata: {list: [], text: 'yes'}\nmetadata: {}\n"),
        ] {
            let place = URL(filePath: root + "/" + name)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: place)
        }
        return root
    }

    @Test func snapshotFolderOfThePythonProgramIsRead() throws {
        let root = try writeSnapshotFolder(
            """
            type: hook_card
            id: HOOK-1
            data: {big: 9007199254740993, small: -2.5e-09, none: null, flag: true, text: "1"}
            metadata: {id: HOOK-1, temperature: cold}
            """)
        let store = try store(.file, 0)
        #expect(try StateImport(into: store).merge(StateSource(path: root)) == .init(added: 3, kept: 0))
        let hook = try #require(try store.artifact("HOOK-1", .cold))
        #expect(hook.data.text() == #"{"big":9007199254740993,"small":-2.5e-09,"none":null,"flag":true,"text":"1"}"#)
        #expect(try store.artifact("ODD-1", .cold)?.data["text"]?.string == "yes")
        #expect(try store.contents(ofSnapshot: "SNAP-7").map(\.id) == ["HOOK-1", "ODD-1"])
    }

    @Test(arguments: ["- 1", "type: hook_card", "{", "type: hook_card\ndata: {? [1] : 2}"])
    func snapshotFolderWithABrokenFileIsRefused(_ hook: String) throws {
        let root = try writeSnapshotFolder(hook)
        let error = #expect(throws: WorkspaceError.self) { try StateSource(path: root) }
        #expect(error?.path.hasSuffix("HOOK-1.yml") == true)
    }

    @Test func aliasesThatGrowWithoutEndAreRefused() throws {
        var bomb = "type: hook_card\ndata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let names = repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "  a\(level): &a\(level) [\(names)]\n"
        }
        let root = try writeSnapshotFolder(bomb)
        #expect(throws: WorkspaceError.self) { try StateSource(path: root) }
    }
}
