import Core

/// One of the eight quality bars, and how a story stands at it.
struct Bar: Hashable, Sendable {
    enum Name: String, Hashable, Sendable, CaseIterable {
        case integrity, reachability, nonlinearity, gateways, style, determinism, presentation, accessibility

        /// Whether a model's word counts: contradictions of canon, voice and spoilers cannot be computed.
        var isJudged: Bool { self == .integrity || self == .style || self == .presentation }
    }

    enum Status: String, Hashable, Sendable, Comparable, CaseIterable {
        case green, yellow, red

        static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    enum Basis: String, Hashable, Sendable { case computed, judged, both }

    var name: Name
    var status: Status
    /// In words, the first of them; the last line says how many more there are.
    var findings: [String]
    var basis: Basis

    /// What was computed of a bar.
    init(_ name: Name, _ findings: Findings) {
        self.name = name
        status = findings.status
        self.findings = findings.lines
        basis = .computed
    }

    /// What a model says of a bar, or that it says nothing.
    init(_ name: Name, judged: JSONValue?) {
        self.name = name
        basis = .judged
        status = judged?["status"]?.string.flatMap(Status.init) ?? .yellow
        let texts = (judged?["findings"]?.array ?? []).compactMap(\.string)
        findings = Findings.bounded(judged == nil ? ["nobody has judged it"] : texts)
    }

    /// Both together: the stricter status and what either found.
    func with(_ judged: Bar) -> Bar {
        var both = self
        both.status = max(status, judged.status)
        both.findings += judged.findings
        both.basis = .both
        return both
    }

    var json: JSONValue {
        [
            "bar": JSONValue(name.rawValue), "status": JSONValue(status.rawValue),
            "findings": .array(findings.map { JSONValue($0) }), "basis": JSONValue(basis.rawValue),
        ]
    }
}
