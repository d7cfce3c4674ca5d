import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

private let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../shared/samples/questfoundry-py-workspace"
).standardizedFileURL.path(percentEncoded: false)

/// A workspace that questfoundry-py wrote, beside this project where it is worked on.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: sample)))
struct SampleWorkspaceTests {
    private let fixture: WorkspaceFixture
    private let store: FileStore
    private let expected: JSONValue

    init() throws {
        fixture = try WorkspaceFixture()
        try FileManager.default.copyItem(atPath: sample, toPath: fixture.root)
        store = fixture.store(try #require(try Workspace.find(from: fixture.root)))
        expected = try JSONValue(parsing: Data(contentsOf: URL(filePath: sample + ".expected.json")))
    }

    /// The same value whatever the order of its keys, which the listing sorts.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): .array(values.map(sorted))
        case .object(let object):
            .object(JSONObject(object.members.sorted { $0.key < $1.key }.map { ($0.key, sorted($0.value)) }))
        default: value
        }
    }

    private func same(_ found: [JSONValue], _ key: String, by id: (JSONValue) -> String?) throws {
        let expected = try #require(expected[key]?.array).sorted { (id($0) ?? "") < (id($1) ?? "") }
        let found = found.sorted { (id($0) ?? "") < (id($1) ?? "") }
        #expect(!expected.isEmpty && found.count == expected.count)
        for (one, other) in zip(found, expected) { #expect(sorted(one).text() == sorted(other).text()) }
    }

    @Test func everyValueIsRead() throws {
        for temperature in Temperature.allCases {
            let page = try store.artifacts(ArtifactQuery(temperature: temperature))
            #expect(page.problems.isEmpty)
            let artifacts = try page.summaries.map { try #require(try store.artifact($0.id, temperature)).document }
            try same(artifacts.map(JSONValue.object), temperature.rawValue) { $0["metadata"]?["id"]?.string }
        }
        try same(store.units().map { .object($0.document) }, "tus") { $0["tu_id"]?.string }
        try same(store.snapshots().map { .object($0.document) }, "snapshots") { $0["snapshot_id"]?.string }
        let project = try (store.project(), #require(expected["project"]))
        #expect(sorted(.object(project.0.document)).text() == sorted(project.1).text())
        #expect(try store.history().count == 11)
    }

    @Test func lookingChangesNothing() throws {
        let before = try fixture.snapshot()
        try everyValueIsRead()
        #expect(try fixture.snapshot() == before)
    }
}
