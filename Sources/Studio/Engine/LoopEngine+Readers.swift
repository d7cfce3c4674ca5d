import Core

/// How the answers of a step are read.
extension LoopEngine {
    func reader(
        for step: Loop.Step, part: Part, form: Form, reading: [ReadableArtifact]
    ) -> AnswerReader {
        var reader = AnswerReader(form: form, sectionLimit: assignment.count ?? Loop.countRange.upperBound)
        reader.known = Set(reading.map(\.id))
        let briefs = reading.filter { $0.type == "tu_brief" }
        if briefs.count == 1 { reader.brief = briefs[0].piece }
        if form.artifact == nil {
            if let artifact = part.artifact { reader.about = [PromptLine(key: "about", value: artifact.id)] }
            if let section = part.section {
                reader.about = [
                    PromptLine(key: "brief", value: section.brief), PromptLine(key: "key", value: section.key),
                ]
            }
        }
        if let section = part.section, form.artifact == "scene" {
            let own = sections(in: reading).filter { $0.brief == section.brief }
            let ids = own.map { ($0.key, piece(of: step, part: Part(index: 0, section: $0))) }
            reader.scene = SceneForm(
                id: takeID(piece(of: step, part: part)), section: section,
                sceneIDs: Dictionary(ids, uniquingKeysWith: { first, _ in first }))
        }
        if form.hasBars { reader.gate = gate(reading: reading) }
        reader.decision = shelf.seen(ofType: "gatecheck_report").last?.data["decision"]?.string
        return reader
    }

    /// What can be computed of the bars, for whom is to judge the others.
    func computedBars(for form: Form) -> [Prompt.Passage] {
        guard form.hasBars else { return [] }
        let bars = gate(reading: shelf.allSeen).report(from: JSONObject())["bars"] ?? .array([])
        return [Prompt.Passage(heading: "computed bars", text: bars.text())]
    }

    /// The gate for what the loop has seen.
    private func gate(reading: [ReadableArtifact]) -> Gate {
        Gate(artifacts: shelf.allSeen.map(\.asPiece))
    }
}

extension Form {
    /// Whether the answer gives the quality bars.
    fileprivate var hasBars: Bool {
        guard case .object(let fields) = shape else { return false }
        return fields.contains { $0.key == "bars" }
    }
}
