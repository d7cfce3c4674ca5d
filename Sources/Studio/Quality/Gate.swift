import Core
import Workspace

/// The gate that work passes before it is finished: the quality bars, computed as far as they can be.
package struct Gate: Sendable {
    /// Every bar but style, which only a reader can judge, as computed.
    let bars: [Bar]

    package init(_ story: Story) {
        let checks: [(Bar.Name, Findings)] = [
            (.integrity, story.integrity), (.reachability, story.reachability), (.nonlinearity, story.nonlinearity),
            (.gateways, story.gateways), (.determinism, story.determinism), (.presentation, story.presentation),
            (.accessibility, story.accessibility),
        ]
        bars = checks.map { name, findings in
            guard story.graph.scenes.isEmpty else { return Bar(name, findings) }
            // What holds of nothing says nothing.
            var empty = Findings()
            empty.add(.yellow, "nothing to check: there is no scene")
            return Bar(name, findings.status > .yellow ? findings : empty)
        }
    }

    init(artifacts: [ReadableArtifact]) {
        self.init(Story(artifacts.map { Story.Piece(id: $0.id, type: $0.type, data: $0.data) }))
    }

    /// The first bar that keeps a story back.
    var blocker: Bar? { bars.first { $0.status == .red } }

    /// The report with its computable bars computed, the stricter of both where a model judges too, and a decision that
    /// follows from all of the bars. Every bar says whether it was `computed`, `judged` or `both`.
    func report(from judged: JSONObject) -> JSONObject {
        let opinions = Dictionary(
            (judged["bars"]?.array ?? []).map { (Self.plainName($0["bar"]?.string ?? ""), $0) },
            uniquingKeysWith: { first, _ in first })
        let all = Bar.Name.allCases.map { bar($0, opinion: opinions[$0.rawValue]) }
        var report = judged
        report["bars"] = .array(all.map(\.json))
        let worst = all.map(\.status).max() ?? .yellow
        report["decision"] = JSONValue(Self.decision(worst, judged: judged["decision"]?.string))
        return report
    }

    private func bar(_ name: Bar.Name, opinion: JSONValue?) -> Bar {
        guard let computed = bars.first(where: { $0.name == name }) else { return Bar(name, judged: opinion) }
        guard name.isJudged, let opinion else { return computed }
        return computed.with(Bar(name, judged: opinion))
    }

    /// The stricter of two decisions; what is none counts as `conditional_pass`, and none at all as `pass`.
    static func stricter(_ first: String?, _ second: String?) -> String {
        let order = ["pass", "conditional_pass", "block"]
        return order[[first, second].map { $0.map { order.firstIndex(of: $0) ?? 1 } ?? 0 }.max() ?? 1]
    }

    /// The stricter of what the bars say and what the gatekeeper decided.
    private static func decision(_ worst: Bar.Status, judged: String?) -> String {
        let computed = worst == .red ? "block" : worst == .yellow ? "conditional_pass" : "pass"
        return stricter(computed, judged ?? "conditional_pass")
    }

    /// A bar's name as a model may spell it: `Non-linearity`.
    private static func plainName(_ name: String) -> String { name.lowercased().filter(\.isLetter) }
}
