import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

@Suite struct ArtifactTextTests {
    private func text(_ source: String) throws -> ArtifactText { try #require(ArtifactText(Array(source.utf8))) }

    private func added(_ source: String) throws -> String {
        String(decoding: try #require(try text(source).addingRevision()), as: UTF8.self)
    }

    private func removed(_ source: String) throws -> String? {
        try text(source).removingRevision().map { String(decoding: $0, as: UTF8.self) }
    }

    private static let emptyHash = Artifact.contentHash(of: .null)

    @Test func keysStandAsTheirNeighboursDo() throws {
        let keys = #""content_hash": "\#(Self.emptyHash)""#
        #expect(try added(#"{"metadata":{"id":"a"}}"#) == #"{"metadata":{"id":"a",\#(keys),"revision": 1}}"#)
        #expect(try added(#"{"metadata": {}}"#) == #"{"metadata": {\#(keys), "revision": 1}}"#)
        #expect(
            try added("{\"metadata\": {\n  \"a\": 1,\n  \"b\": 2\n}}")
                == "{\"metadata\": {\n  \"a\": 1,\n  \"b\": 2,\n  \(keys),\n  \"revision\": 1\n}}")
    }

    @Test func revisionThatIsThereStays() throws {
        let source = #"{"data": 1, "metadata": {"revision": 1, "id": "a"}}"#
        let changed = try added(source)
        #expect(changed.components(separatedBy: "revision").count == 2)
        #expect(try removed(changed) == source)
        let last = #"{"data": 1, "metadata": {"id": "a", "revision": 1}}"#
        #expect(try removed(added(last)) == last)
    }

    @Test func artifactThatHasAHashStays() throws {
        #expect(try text(#"{"metadata": {"content_hash": 1}}"#).addingRevision() == nil)
    }

    @Test(arguments: [
        #"{"metadata": {"id": "a", "content_hash": "x", "revision": 1}}"#,
        #"{"metadata": {"id": "a", "revision": 1}}"#,
        #"{"metadata": {"id": "a", "content_hash": "\#(emptyHash)", "revision": 2}}"#,
        #"{"metadata": {"content_hash": "\#(emptyHash)", "revision": 1, "provenance": {}}}"#,
        #"{"metadata": {"content_hash": "\#(emptyHash)", "revision": 1, "id": "a"}}"#, #"{"metadata": {}}"#,
    ])
    func whatTheUpgradeDidNotAddStays(source: String) throws { #expect(try removed(source) == nil) }

    @Test(arguments: ["", "[]", "{}", "{", #"{"metadata": []}"#, #"{"metadata": {}"#, "\u{0}"])
    func whatIsNoArtifactIsNone(source: String) { #expect(ArtifactText(Array(source.utf8)) == nil) }

    @Test(arguments: SeededRandom.seeds(200)) func whatIsAddedIsTakenOutAgain(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func space() -> String { random.pick(["", " ", "\n  ", "\t", "\r\n"]) }
        func object(_ members: [(String, String)]) -> String {
            let parts = members.map { space() + "\"\($0)\"" + space() + ":" + space() + $1 + space() }
            return "{" + (parts.isEmpty ? space() : parts.joined(separator: ",")) + "}"
        }
        let fields = (0..<random.number(0...4)).map { number in
            (random.pick(["id", "revision\(number)", "é", "a\\\"b", "]{"]), random.pick(PyWorkspace.oddities))
        }
        let members = [
            ("data", random.pick(PyWorkspace.oddities)), ("metadata", object(fields)), ("type", "\"scene\""),
        ].shuffled(using: &random)
        let source = space() + object(members) + space()
        let changed = try added(source)
        let artifact = try text(changed).artifact
        #expect(!artifact.isEditedOutside && artifact.revision == 1)
        #expect(try text(changed).content.elementsEqual(text(source).content))
        #expect(try removed(changed) == source, "\(source)")
    }
}
