import Core

@testable import Dashboard
@testable import Studio
@testable import Workspace

extension Sample {
    /// The artifacts of a workspace in the middle of its work, what was modified last first.
    static let stored: [(artifact: Artifact, shelf: Temperature)] = [
        (scene("SCENE-2", "The far bank", minute: 59, ending: true), .hot),
        (ferry(take: 2, text: "The second bell never comes. Mara counts on."), .hot),
        (ferry(take: 1), .hot),
        (artifact("HOOK-1", "hook_card", ["title": "A lantern that lies", "status": "accepted"], minute: 40), .hot),
        (
            artifact(
                "SCENE-9", "scene", ["answer": "{ \"title\": \"Quay\u{1B}[31m\" and no more"], minute: 30,
                review: "it is no JSON: a value is expected"), .hot
        ),
        (artifact("CANON-1", "canon_pack", ["title": "What the fog remembers"], minute: 20), .cold),
    ]

    static let artifacts = ArtifactPage(
        summaries: stored.map { ArtifactSummary($0.artifact, $0.shelf) }, total: stored.count, problems: [])

    static func shown(_ stop: Reader.Stop) -> Session.Shown? {
        guard let found = stored.first(where: { $0.artifact.id == stop.id }) else { return nil }
        let takes = stored.map(\.artifact).filter { $0.pieceID == found.artifact.pieceID }.sorted { $0.take < $1.take }
        return Session.Shown(
            artifact: found.artifact, temperature: found.shelf, place: ".questfoundry/hot/scenes/\(stop.id).json",
            piece: Piece(id: found.artifact.pieceID, takes: takes))
    }

    /// Two takes of one scene: its first choice leads on, the other to what is not there.
    private static func ferry(take: Int, text: String? = nil) -> Artifact {
        let prose =
            text
            ?? (1...24).map { "The ferry bell rings \($0) times before the fog lets go of the pier." }
            .joined(separator: "\n\n")
        let choices: JSONValue = [
            ["label": "Board the ferry", "target": "SCENE-2", "requires": "lantern"],
            ["label": "Count once more", "target": "SCENE-3"],
        ]
        let data: JSONValue = [
            "id": "SCENE-1", "title": "The ferry bell", "text": JSONValue(prose), "choices": choices,
            "sets": ["counted"],
        ]
        var piece = JSONObject([("piece", "SCENE-1"), ("take", JSONValue(take))])
        if take == 1 { piece["step"] = "draft_scenes" }
        return artifact(
            take == 1 ? "SCENE-1" : "SCENE-1-T2", "scene", data, minute: 50 + take,
            extra: [("provenance", .object(piece))])
    }

    private static func scene(_ id: String, _ title: String, minute: Int, ending: Bool) -> Artifact {
        artifact(
            id, "scene",
            [
                "id": JSONValue(id), "title": JSONValue(title), "text": "Nobody waits there.", "choices": [],
                "ending": .bool(ending),
            ], minute: minute)
    }

    static func artifact(
        _ id: String, _ type: String, _ data: JSONValue, minute: Int, review: String? = nil,
        extra: [(String, JSONValue)] = []
    ) -> Artifact {
        var metadata = JSONObject([
            ("created", "2026-11-24T11:00:00"), ("modified", JSONValue("2026-11-24T11:\(minute):00")),
            ("author", "scene_smith"), ("revision", 3), ("needs_review", JSONValue(review)),
        ])
        if review == nil { metadata["needs_review"] = nil }
        for (key, value) in extra { metadata[key] = value }
        return Artifact(id: id, type: type, data: data, metadata: metadata)
    }
}
