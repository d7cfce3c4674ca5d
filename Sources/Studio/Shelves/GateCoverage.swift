import Core
import Workspace

/// What the gatechecks so far say of artifacts.
///
/// A report says what it read under `covers`, a list of `{ "id", "type", "content_hash" }`: that content is what it judged.
/// Of a type that it does not list it covers what was not changed after it.
struct GateCoverage {
    /// A report, and the content that it says it has judged, by type and id.
    private struct Report {
        var artifact: Artifact
        var judged: [String: [String: String]] = [:]

        init(_ artifact: Artifact) {
            self.artifact = artifact
            for entry in artifact.data["covers"]?.array ?? [] {
                guard let type = entry["type"]?.string, let id = entry["id"]?.string else { continue }
                judged[type, default: [:]][id] = entry["content_hash"]?.string ?? ""
            }
        }

        func covers(_ artifact: Artifact) -> Bool {
            guard let listed = judged[artifact.type] else { return artifact.modified <= self.artifact.modified }
            return listed[artifact.id] == artifact.contentHash
        }
    }

    /// The newest first.
    private let reports: [Report]

    init(in store: any StateStore) throws(WorkspaceError) {
        let all = try store.artifacts(ofType: "gatecheck_report") + store.artifacts(ofType: "gatecheck_report", .cold)
        reports = all.filter { $0.needsReview == nil }.sorted { ($1.modified, $0.id) < ($0.modified, $1.id) }
            .map(Report.init)
    }

    /// Why the gate does not let an artifact through; nil when it does.
    func obstacle(to artifact: Artifact) -> String? {
        if let problem = artifact.needsReview { return "needs review: \(problem)" }
        guard let report = reports.first(where: { $0.covers(artifact) }) else {
            return "no gatecheck has seen it as it is now: run `questfoundry generate gatecheck`"
        }
        guard report.artifact.lets else {
            return
                "the gatecheck \(report.artifact.id) blocks it: mend what it found and run `questfoundry generate gatecheck`"
        }
        return nil
    }
}

extension Artifact {
    /// Whether a report lets through what it covers.
    fileprivate var lets: Bool {
        let decision = (data["decision"]?.string ?? "").lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
        return ["pass", "conditional_pass"].contains(String(decision))
    }
}
