public import Core
public import Workspace

/// How a person edits an artifact: the prose alone where it has some, else its whole content as JSON.
public struct ArtifactEdit: Hashable, Sendable {
    /// What is wrong with an edited text.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public var reason: String
        /// From 1; nil when it is about the whole text.
        public var line: Int?
        public var description: String { (line.map { "line \($0): " } ?? "") + reason }
    }

    public let artifact: Artifact
    /// The key of the content that holds the prose; nil when all of the content is edited.
    private let proseKey: String?

    /// With `isWhole` the content as JSON, also where there is prose.
    public init(_ artifact: Artifact, isWhole: Bool = false) {
        self.artifact = artifact
        proseKey =
            isWhole ? nil : ["text", "body"].first { if case .string = artifact.data[$0] { true } else { false } }
    }

    /// How a file with the text is named, for the editor's sake.
    public var suffix: String { proseKey == nil ? "json" : "md" }

    /// The text to edit. It ends with a new line, which is no part of prose.
    public var text: String {
        let text = proseKey.flatMap { artifact.data[$0]?.string } ?? artifact.data.text(isPretty: true)
        return text + "\n"
    }

    /// The content without its prose; nil where there is none.
    public var besidesProse: JSONValue? {
        guard let proseKey, var data = artifact.data.object else { return nil }
        data[proseKey] = nil
        return .object(data)
    }

    /// The content after an edit. Throws a ``Problem`` when the text cannot be the artifact's.
    public func data(from edited: String) throws(Problem) -> JSONValue {
        if let proseKey, var data = artifact.data.object {
            data[proseKey] = .string(edited.hasSuffix("\n") ? String(edited.dropLast()) : edited)
            return .object(data)
        }
        let data: JSONValue
        do throws(JSONError) { data = try JSONValue(parsing: edited) } catch {
            let line = edited.utf8.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            throw Problem(reason: "no valid JSON: \(error.reason)", line: line)
        }
        guard data.object != nil || artifact.data.object == nil else {
            throw Problem(reason: "the content must be a JSON object, in braces", line: nil)
        }
        guard artifact.data["id"] == nil || artifact.data["id"] == data["id"] else {
            throw Problem(reason: #"the "id" must stay as it is: others name the artifact by it"#, line: nil)
        }
        return data
    }

    /// The next revision, written by a person.
    func revision(_ data: JSONValue, at moment: Moment) -> Artifact {
        let hash = artifact.changed(data: data) { _ in }.contentHash
        return artifact.changed(data: data) { metadata in
            metadata["modified"] = JSONValue(LocalTimestamp.text(of: moment))
            metadata["author"] = "user"
            metadata["revision"] = JSONValue(artifact.revision + 1)
            metadata["content_hash"] = JSONValue(hash)
            metadata["needs_review"] = nil
        }
    }
}
