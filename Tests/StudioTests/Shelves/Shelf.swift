import Core
import TestKit
import Testing

@testable import Studio
@testable import Workspace

/// Artifacts on a store of a test's own.
struct Shelf {
    let time = ManualTime()
    let store: any StateStore
    var promotion: Promotion { Promotion(store: store, time: time) }

    init() {
        let moment = ManualTime().now()
        store = MemoryStore(ProjectInfo(name: "Ferry", brief: "", at: moment), time: ManualTime())
    }

    /// Writes an artifact a second after the one before.
    @discardableResult func put(
        _ id: String, _ type: String = "scene", _ data: JSONValue = ["text": "Fog."],
        _ more: [(String, JSONValue)] = [], _ shelf: Temperature = .hot
    ) throws -> Artifact {
        time.advance(seconds: 1)
        let modified = JSONValue(LocalTimestamp.text(of: time.now()))
        let artifact = Artifact(
            id: id, type: type, data: data, metadata: JSONObject([("modified", modified)] + more))
        try store.write(artifact, shelf, over: try store.artifact(id, shelf)?.stamp)
        return artifact
    }

    func pass(_ decision: String = "pass", covers: JSONValue? = nil) throws {
        var data = JSONObject([("decision", JSONValue(decision))])
        data["covers"] = covers
        try put("GATE-\(Int(time.now().sinceBoot))", "gatecheck_report", .object(data))
    }

    func artifact(_ id: String, _ shelf: Temperature) throws -> Artifact {
        try #require(try store.artifact(id, shelf))
    }

    func promote(_ ids: String...) throws -> [Artifact] {
        let snapshot = try promotion.snapshot(ids, description: "")
        return try promotion.promote(ids, into: snapshot)
    }

    func expectBlocked(_ id: String, _ words: String, _ line: SourceLocation = #_sourceLocation) throws {
        let error = #expect(throws: WorkspaceError.self, sourceLocation: line) { try promote(id) }
        #expect(
            error?.code == .blocked && error?.message.contains(words) == true, "\(error?.message ?? "")",
            sourceLocation: line)
        #expect(try store.artifact(id, .cold) == nil && store.artifact(id, .hot) != nil, sourceLocation: line)
    }
}
