import Core

/// The gatekeeper's answers. It cannot read what it is to judge, and says so: nothing passes on its word, and nothing is
/// blocked but for what the program itself has computed.
extension StoryWriter {
    private static let barNames = [
        "integrity", "reachability", "nonlinearity", "gateways", "style", "determinism", "presentation",
        "accessibility",
    ]

    func gatecheckReport() -> JSONObject {
        JSONObject([
            ("decision", JSONValue(blocks ? "block" : "conditional_pass")), ("bars", .array(bars)),
            ("summary", JSONValue("\(Self.disclaimer) It cannot judge prose: read the scenes yourself.")),
        ])
    }

    func qualityBars() -> JSONObject { JSONObject([("bars", .array(bars))]) }

    func findings() -> JSONObject { JSONObject([("findings", JSONValue(openFindings(in: shownBars)))]) }

    func blockers() -> JSONObject {
        JSONObject([("blockers", JSONValue(openFindings(in: shownBars, statuses: ["red"])))])
    }

    func gateDecision() -> JSONObject {
        let decision = prompt.artifacts("gatecheck_report").last?.data["decision"]?.string
        let reason = blocks ? "A bar is red: its findings have to be settled first." : Self.readItYourself
        let known = ["pass", "conditional_pass", "block"].first { $0 == decision }
        return JSONObject([("decision", JSONValue(known ?? "conditional_pass")), ("reason", JSONValue(reason))])
    }

    private static let readItYourself = "What no program can compute is \(notJudged). Somebody should read the scenes."

    /// The findings of the bars that are not green, each with its bar.
    func openFindings(in bars: [JSONValue], statuses: Set<String> = ["yellow", "red"]) -> [String] {
        bars.filter { statuses.contains($0["status"]?.string ?? "") }.flatMap { bar in
            bar["findings"].texts.map { "\(bar["bar"]?.string ?? "a bar"): \($0)" }
        }
    }

    var blocks: Bool {
        prompt.artifacts("gatecheck_report").last?.data["decision"]?.string == "block"
            || shownBars.contains { $0["status"]?.string == "red" }
    }

    /// The bars that the prompt shows: as the program has just computed them, else those of the newest report or note.
    var shownBars: [JSONValue] {
        if let computed = prompt.artifacts.last(where: { $0.type == "computed" })?.data.array { return computed }
        return prompt.artifacts.compactMap { $0.data["bars"]?.array }.last ?? []
    }

    /// Each bar as it was computed, else not judged.
    private var bars: [JSONValue] {
        let known = shownBars.filter { $0["status"]?.string == "red" || $0["basis"]?.string != "judged" }
        return Self.barNames.map { name in
            let bar = known.first { $0["bar"]?.string == name }
            return [
                "bar": JSONValue(name), "status": JSONValue(bar?["status"]?.string ?? "yellow"),
                "findings": JSONValue(bar.map { $0["findings"].texts } ?? [Self.notJudged]),
            ]
        }
    }
}
