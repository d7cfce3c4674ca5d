public import Core
import Crypto
import Foundation

/// A piece of the work: a hook, a brief, a scene, a report.
public struct Artifact: Hashable, Sendable {
    /// The whole file, so that no key of it is lost.
    var document: JSONObject
    /// The name under which it is kept, whatever its metadata says.
    public let id: String

    /// Takes a document that is kept under a name; without one its metadata say which.
    init(document: JSONObject, id: String? = nil) {
        self.document = document
        self.id = id ?? document["metadata"]?["id"]?.string ?? ""
    }

    /// An artifact of another program, or of a person: its content, and what is known of it.
    public init(id: String, type: String, data: JSONValue, metadata: JSONObject = JSONObject()) {
        var metadata = metadata
        metadata["id"] = JSONValue(id)
        self.id = id
        document = JSONObject([("type", JSONValue(type)), ("data", data), ("metadata", .object(metadata))])
    }

    public var type: String { document["type"]?.string ?? "" }
    public var data: JSONValue { document["data"] ?? .null }
    public var metadata: JSONObject { document["metadata"]?.object ?? JSONObject() }
    /// Counts the changes of the content, from 1; artifacts of questfoundry-py have none and count as 1.
    public var revision: Int { max(1, metadata["revision"]?.int ?? 1) }
    /// What is wrong with the model's answer, when it could not be read and is kept word for word.
    public var needsReview: String? { metadata["needs_review"]?.string }
    /// The best name for people: the content's title, else the id.
    public var title: String {
        let title =
            data["title"]?.string ?? data["name"]?.string ?? data["header"]?["short_name"]?.string ?? ""
        return title.isEmpty ? id : title
    }
    /// When it was written last, as whoever did wrote it; empty when that is not known.
    public var modified: String { metadata["modified"]?.string ?? "" }
    /// What tells this content and what is known of it from every other.
    public var stamp: Stamp { Stamp(of: self) }

    /// What the file holds beside type, data and metadata.
    var otherKeys: [JSONObject.Member] {
        document.members.filter { !["type", "data", "metadata"].contains($0.key) }
    }

    /// Whether a name can be a file's name and nothing else, in every store.
    package static func isSafe(_ id: String) -> Bool {
        (1...200).contains(id.utf8.count) && id.first != "."
            && id.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// The error of an id that cannot be one.
    package static func badName(_ id: String) -> WorkspaceError {
        WorkspaceError(
            .badName, id,
            "\(id.prefix(80).visible()) cannot be an artifact's id: it must be a file's name of at most 200 bytes")
    }

    /// Whether the content is not what this program wrote last: a person, or another program, has changed it.
    var isEditedOutside: Bool { metadata["content_hash"]?.string != Self.contentHash(of: data) }

    /// Whether the content is what a step of a loop wrote here: only that is a loop's to replace.
    package var isOfALoop: Bool {
        let hash = Self.contentHash(of: data)
        return metadata["written"]?.object?.contains { $0.value.string == hash } == true
    }

    /// What a step of a loop wrote here last, as the hash of its content.
    func hashWritten(by step: String) -> String? { metadata["written"]?[step]?.string }

    /// SHA-256 of the content as compact JSON, in hexadecimal.
    static func contentHash(of data: JSONValue) -> String {
        SHA256.hash(data: data.bytes()).hexadecimal
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

/// Tells one state of an artifact from every other: a writer names the one that it has read.
///
/// It is the SHA-256 of the artifact's parts in one order, so that all stores make the same of the same artifact.
public struct Stamp: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(of artifact: Artifact) {
        var parts = JSONObject([
            ("type", JSONValue(artifact.type)), ("data", artifact.data), ("metadata", .object(artifact.metadata)),
        ])
        for member in artifact.otherKeys { parts[member.key] = member.value }
        description = SHA256.hash(data: JSONValue.object(parts).bytes()).hexadecimal
    }
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
