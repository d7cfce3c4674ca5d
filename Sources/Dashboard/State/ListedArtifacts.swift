import Studio
import Workspace

/// The artifacts of the workspace as a list shows them, made visible once, since a list may have thousands.
struct ListedArtifacts: Sendable {
    struct Row: Sendable {
        var id: String
        var shelf: Temperature
        /// Texts for people, each on one line.
        var name: String
        var title: String
        var type: String
        var writer: String
        var modified: String
        /// Grows with the time at which it was modified.
        var moment: Double
        var revision: Int
        var needsReview: Bool
        /// What a filter looks through, in lower case.
        fileprivate var words: String

        /// Tells it from every other row.
        var key: String { "\(shelf.rawValue) \(id)" }

        func has(_ words: [Substring]) -> Bool { words.allSatisfy { self.words.contains($0) } }
    }

    var rows: [Row]
    /// The first thing that could not be read, and how many more there are.
    var problem: String?
    var moreProblems: Int
    /// The titles by the artifacts' names, of work in progress before finished ones.
    private var titles: [String: String]

    init(_ page: ArtifactPage) {
        rows = page.summaries.map(Row.init)
        problem = page.problems.first.map { Wrapping.line($0.message) }
        moreProblems = max(0, page.problems.count - 1)
        titles = Dictionary(rows.map { ($0.id, $0.title) }) { first, _ in first }
    }

    /// The title of the artifact of that name; nil when there is none.
    func title(of id: String) -> String? { titles[id] }
}

extension ListedArtifacts.Row {
    fileprivate init(_ summary: ArtifactSummary) {
        let modified = String(summary.modified.prefix(16)).map { $0 == "T" ? " " : String($0) }.joined()
        let needsReview = summary.needsReview != nil
        let shown = [summary.title, summary.type, summary.id, summary.writer].map { Wrapping.line($0) }
        self.init(
            id: summary.id, shelf: summary.temperature, name: shown[2], title: shown[0], type: shown[1],
            writer: shown[3],
            modified: Wrapping.line(modified), moment: Double(summary.modified.filter(\.isNumber).prefix(14)) ?? 0,
            revision: summary.revision, needsReview: needsReview,
            words: (shown + [summary.temperature.rawValue, needsReview ? "review" : ""]).joined(separator: "\n")
                .lowercased())
    }
}
