import Core

/// The part of a gatecheck that needs no judgement, computed from the scenes themselves.
struct Gate: Sendable {
    /// The data of the scenes, the story's first one first.
    var scenes: [JSONValue]

    private enum Status: String, Comparable {
        case green, yellow, red

        static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
        private var rank: Int { self == .green ? 0 : self == .yellow ? 1 : 2 }
    }

    /// The report with its computable bars computed, whatever the model said of them, and a decision that follows
    /// from all of the bars. Every bar says whether it was `computed` or `judged`.
    func report(from judged: JSONObject) -> JSONObject {
        let computed = [("integrity", integrity), ("reachability", reachability)]
        let names = Set(computed.map(\.0))
        var bars = computed.map { name, finding in Self.bar(name, finding.status, finding.findings) }
        for bar in judged["bars"]?.array ?? [] {
            guard var bar = bar.object, let name = bar["bar"]?.string, !names.contains(name.lowercased()) else {
                continue
            }
            bar["basis"] = "judged"
            bars.append(.object(bar))
        }
        let worst = bars.compactMap { $0["status"]?.string.flatMap(Status.init) }.max() ?? .yellow
        var report = judged
        report["bars"] = .array(bars)
        report["decision"] = JSONValue(Self.decision(worst, judged: judged["decision"]?.string))
        return report
    }

    /// The stricter of two decisions; what is none counts as `conditional_pass`.
    static func stricter(_ first: String?, _ second: String?) -> String {
        let order = ["pass", "conditional_pass", "block"]
        return order[[first, second].map { $0.map { order.firstIndex(of: $0) ?? 1 } ?? 0 }.max() ?? 1]
    }

    /// The stricter of what the bars say and what the gatekeeper decided.
    private static func decision(_ worst: Status, judged: String?) -> String {
        let order = ["pass", "conditional_pass", "block"]
        let computed = worst == .red ? 2 : worst == .yellow ? 1 : 0
        return order[max(computed, order.firstIndex(of: judged ?? "") ?? 1)]
    }

    private static func bar(_ name: String, _ status: Status, _ findings: [String]) -> JSONValue {
        [
            "bar": JSONValue(name), "status": JSONValue(status.rawValue),
            "findings": .array(findings.map { JSONValue($0) }), "basis": "computed",
        ]
    }

    private typealias Finding = (status: Status, findings: [String])

    private static let nothingToCheck: Finding = (.yellow, ["nothing to check: there is no scene"])

    private var ids: [String] { scenes.compactMap { $0["id"]?.string } }

    private func targets(of scene: JSONValue) -> [String] {
        (scene["choices"]?.array ?? []).compactMap { $0["target"]?.string }
    }

    /// Every choice leads to a scene, and only an ending has none.
    private var integrity: Finding {
        guard !scenes.isEmpty else { return Self.nothingToCheck }
        let known = Set(ids)
        var findings: [String] = []
        for scene in scenes {
            let name = scene["id"]?.string ?? "a scene"
            let targets = targets(of: scene)
            findings += targets.filter { !known.contains($0) }.map { "\(name) leads to \($0), which cannot be read" }
            if targets.isEmpty, scene["ending"]?.bool != true {
                findings.append("\(name) has no choice and is no ending")
            }
        }
        return (findings.isEmpty ? .green : .red, findings)
    }

    /// Every scene can be come to from the first.
    private var reachability: Finding {
        guard let first = ids.first else { return Self.nothingToCheck }
        let exits = Dictionary(
            scenes.compactMap { scene in scene["id"]?.string.map { ($0, targets(of: scene)) } },
            uniquingKeysWith: { first, _ in first })
        var reached: Set<String> = [first]
        var open = [first]
        while let id = open.popLast() {
            for target in exits[id] ?? [] where reached.insert(target).inserted { open.append(target) }
        }
        let lost = ids.filter { !reached.contains($0) }
        return (lost.isEmpty ? .green : .red, lost.map { "\($0) cannot be come to from \(first)" })
    }
}
