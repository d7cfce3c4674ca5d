import Core
import Workspace

/// What the gatechecks so far say of artifacts.
///
/// A report says what it read under `covers`, a list of `{ "id", "type", "content_hash" }`: that content is what it judged.
/// Of a type that it does not list it covers what was not changed after it.
struct GateCoverage {
    /// The newest first.
    private let reports: [Artifact]

    init(in store: any StateStore) throws(WorkspaceError) {
        let all = try store.artifacts(ofType: "gatecheck_report") + store.artifacts(ofType: "gatecheck_report", .cold)
        reports = all.filter { $0.needsReview == nil }.sorted { ($1.modified, $0.id) < ($0.modified, $1.id) }
    }

    /// Why the gate does not let an artifact through; nil when it does.
    func obstacle(to artifact: Artifact) -> String? {
        if let problem = artifact.needsReview { return "needs review: \(problem)" }
        guard let report = reports.first(where: { $0.covers(artifact) }) else {
            return "no gatecheck has seen it as it is now: run `questfoundry generate gatecheck`"
        }
        guard report.lets else {
            return "the gatecheck \(report.id) blocks it: mend what it found and run `questfoundry generate gatecheck`"
        }
        return nil
    }
}

extension Artifact {
    fileprivate func covers(_ artifact: Artifact) -> Bool {
        let listed = (data["covers"]?.array ?? []).filter { $0["type"]?.string == artifact.type }
        guard !listed.isEmpty else { return artifact.modified <= modified }
        return listed.contains {
            $0["id"]?.string == artifact.id && $0["content_hash"]?.string == artifact.contentHash
        }
    }

    /// Whether a report lets through what it covers.
    fileprivate var lets: Bool {
        let decision = (data["decision"]?.string ?? "").lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
        return ["pass", "conditional_pass"].contains(String(decision))
    }
}
