public import Core
import Crypto
import Foundation

/// A piece of the work: a hook, a brief, a scene, a report.
public struct Artifact: Hashable, Sendable {
    /// The whole file, so that no key of it is lost.
    var document: JSONObject

    init(document: JSONObject) { self.document = document }

    public var type: String { document["type"]?.string ?? "" }
    public var data: JSONValue { document["data"] ?? .null }
    public var metadata: JSONObject { document["metadata"]?.object ?? JSONObject() }
    public var id: String { metadata["id"]?.string ?? "" }
    /// Counts the changes of the content, from 1; artifacts of questfoundry-py have none and count as 1.
    public var revision: Int { max(1, metadata["revision"]?.int ?? 1) }
    /// What is wrong with the model's answer, when it could not be read and is kept word for word.
    public var needsReview: String? { metadata["needs_review"]?.string }
    /// The best name for people: the content's title, else the id.
    public var title: String {
        let title = data["title"]?.string ?? data["name"]?.string ?? ""
        return title.isEmpty ? id : title
    }

    /// Whether the content is not what this program wrote last: a person, or another program, has changed it.
    var isEditedOutside: Bool { metadata["content_hash"]?.string != Self.contentHash(of: data) }

    /// What a step of a loop wrote here last, as the hash of its content.
    func hashWritten(by step: String) -> String? { metadata["written"]?[step]?.string }

    /// SHA-256 of the content as compact JSON, in hexadecimal.
    static func contentHash(of data: JSONValue) -> String {
        SHA256.hash(data: Data(data.text().utf8)).hexadecimal
    }

    /// The folder below `hot` for a type, as questfoundry-py chooses it.
    static func folder(for type: String) -> String { folders[type] ?? "other" }

    /// Every folder below `hot` that holds artifacts.
    static let allFolders = folders.values.sorted() + ["other"]

    /// Whether an artifact lies at a path, which is relative to `.questfoundry`.
    static func isPlace(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == "hot" && folderNames.contains(String(parts[1]))
            && parts[2].hasSuffix(".json") && !parts[2].hasPrefix(".")
    }

    private static let folderNames = Set(allFolders)

    private static let folders = [
        "hook_card": "hooks", "canon": "canon", "tu_brief": "tu_briefs", "codex_entry": "codex", "scene": "scenes",
        "quest": "quests",
    ]
}

/// What a step of a loop wants to have kept as an artifact.
public struct ArtifactDraft: Hashable, Sendable {
    public var id: String
    public var type: String
    public var data: JSONValue
    /// The role that wrote it.
    public var author: String
    /// The step that wrote it, as `loop/step`.
    public var step: String
    /// Where the content comes from: role, provider, model, tokens, cost, cache key.
    public var provenance: JSONObject
    public var needsReview: String?

    public init(
        id: String, type: String, data: JSONValue, author: String, step: String, provenance: JSONObject,
        needsReview: String? = nil
    ) {
        self.id = id
        self.type = type
        self.data = data
        self.author = author
        self.step = step
        self.provenance = provenance
        self.needsReview = needsReview
    }
}
