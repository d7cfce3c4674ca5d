package import Core

/// Which artifacts are asked for, and in which order.
public struct ArtifactQuery: Hashable, Sendable {
    /// A key of an artifact's content that a query may ask for.
    public enum Field: String, Hashable, Sendable, CaseIterable { case status, author, name, trigger }

    public enum Order: Hashable, Sendable {
        case id
        /// The one that was modified last first; of those that tie, in the order of the ids.
        case modified
    }

    /// nil for both.
    public var temperature: Temperature?
    /// nil for every type.
    public var type: String?
    /// What the content must say, word for word.
    public var fields: [Field: String] = [:]
    public var order: Order
    /// How many are left out at the start.
    public var first: Int
    public var atMost: Int

    public init(
        temperature: Temperature? = nil, type: String? = nil, order: Order = .id, first: Int = 0, atMost: Int = .max
    ) {
        self.temperature = temperature
        self.type = type
        self.order = order
        self.first = first
        self.atMost = atMost
    }

    /// Asks that a key of the content has a value. Throws `unknownFilter` for a key that no store looks for.
    public mutating func filter(_ key: String, is value: String) throws(WorkspaceError) {
        guard let field = Field(rawValue: key) else {
            let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw WorkspaceError(
                .unknownFilter, key, "artifacts cannot be filtered by \(key.prefix(80).visible()); there are: \(known)")
        }
        fields[field] = value
    }

    /// The page of those artifacts that match.
    package func page(of all: [ArtifactSummary], problems: [WorkspaceError] = []) -> ArtifactPage {
        var matching = all.filter(matches)
        switch order {
        case .id: matching.sort { ($0.id, $0.temperature.rawValue) < ($1.id, $1.temperature.rawValue) }
        case .modified: matching.sort { ($1.modified, $0.id) < ($0.modified, $1.id) }
        }
        return ArtifactPage(
            summaries: Array(matching.dropFirst(max(0, first)).prefix(max(0, atMost))), total: matching.count,
            problems: problems)
    }

    private func matches(_ summary: ArtifactSummary) -> Bool {
        (temperature == nil || temperature == summary.temperature) && (type == nil || type == summary.type)
            && fields.allSatisfy { summary.fields[$0] == $1 }
    }
}

/// Some of the artifacts that match a query.
public struct ArtifactPage: Hashable, Sendable {
    public var summaries: [ArtifactSummary]
    /// How many match in all.
    public var total: Int
    /// What could not be read, each with its place and the remedy.
    public var problems: [WorkspaceError]
}

/// What a list shows of an artifact.
public struct ArtifactSummary: Hashable, Sendable {
    public var id: String
    public var type: String
    public var temperature: Temperature
    /// The best name for people.
    public var title: String
    public var revision: Int
    /// As it was written, local time as a rule; empty when it is not known.
    public var modified: String
    /// Who wrote it last: a role, or a person.
    public var writer: String
    /// What is wrong with a model's answer that is kept word for word.
    public var needsReview: String?
    /// What the content says of these, where it does.
    public var fields: [ArtifactQuery.Field: String]
}

extension ArtifactSummary {
    package init(_ artifact: Artifact, _ temperature: Temperature) {
        self.init(
            id: artifact.id, type: artifact.type, temperature: temperature, title: artifact.title,
            revision: artifact.revision, modified: artifact.modified,
            writer: artifact.metadata["author"]?.string ?? "", needsReview: artifact.needsReview, fields: [:])
        for field in ArtifactQuery.Field.allCases { fields[field] = artifact.data[field.rawValue]?.string }
    }

    /// Reads what ``stored`` made; nil for anything else.
    package init?(stored: JSONValue, _ temperature: Temperature) {
        guard let id = stored["id"]?.string, let type = stored["type"]?.string, let title = stored["title"]?.string,
            let revision = stored["revision"]?.int, let modified = stored["modified"]?.string,
            let writer = stored["writer"]?.string
        else { return nil }
        self.init(
            id: id, type: type, temperature: temperature, title: title, revision: revision, modified: modified,
            writer: writer, needsReview: stored["needs_review"]?.string, fields: [:])
        for field in ArtifactQuery.Field.allCases { fields[field] = stored["fields"]?[field.rawValue]?.string }
    }

    /// The summary as an index keeps it.
    package var stored: JSONValue {
        var said = JSONObject()
        for field in ArtifactQuery.Field.allCases { said[field.rawValue] = fields[field].map { JSONValue($0) } }
        return [
            "id": JSONValue(id), "type": JSONValue(type), "title": JSONValue(title), "revision": JSONValue(revision),
            "modified": JSONValue(modified), "writer": JSONValue(writer), "needs_review": JSONValue(needsReview),
            "fields": .object(said),
        ]
    }
}
