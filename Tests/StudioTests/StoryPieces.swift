import Core
import Workspace

@testable import Studio

/// Builds stories as short as a test can say them.
enum Pieces {
    /// A scene that leads to others: `"B"`, or `"B?lamp"` when that requires a codeword.
    static func scene(
        _ id: String, _ targets: String..., text: String = "The steps are wet.", sets: [String] = [],
        adding more: [(String, JSONValue)] = []
    ) -> Story.Piece {
        let choices = targets.map { target -> JSONValue in
            let parts = target.split(separator: "?").map(String.init)
            var choice = JSONObject([("label", JSONValue("To \(parts[0])")), ("target", JSONValue(parts[0]))])
            if parts.count > 1 {
                choice["requires"] = .array(parts[1].split(separator: "+").map { JSONValue(String($0)) })
            }
            return .object(choice)
        }
        var data = JSONObject([
            ("id", JSONValue(id)), ("title", JSONValue("Part \(id)")), ("text", JSONValue(text)),
            ("choices", .array(choices)),
        ])
        if !sets.isEmpty { data["sets"] = .array(sets.map { JSONValue($0) }) }
        for (key, value) in more { data[key] = value }
        return Story.Piece(id: id, type: "scene", data: .object(data))
    }

    static func ending(_ id: String, adding more: [(String, JSONValue)] = []) -> Story.Piece {
        scene(id, adding: [("ending", true)] + more)
    }

    /// A story with a branch, a codeword and nothing wrong with it.
    static let sound = [
        scene("A", "B", "C"), scene("B", "C", sets: ["lamp"]), scene("C", "D?lamp", "E"), ending("D"), ending("E"),
    ]
}

extension Story.Piece {
    /// The artifact that it is the content of.
    var artifact: Artifact { Artifact(id: id, type: type, data: data, metadata: metadata) }

    init(_ id: String, type: String, _ data: JSONValue, metadata: [(String, JSONValue)] = []) {
        self.init(id: id, type: type, data: data, metadata: JSONObject(metadata))
    }
}
