import Core
import Workspace

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
        if form.artifact == "gatecheck_report" { reader.covers = judged.map(\.coverage) }
        reader.decision = shelf.seen(ofType: "gatecheck_report").last?.data["decision"]?.string
        return reader
    }

    /// What can be computed of the bars, for whom is to judge the others.
    func computedBars(of gate: Gate) -> Prompt.Passage {
        let bars = gate.report(from: JSONObject())["bars"] ?? .array([])
        return Prompt.Passage(heading: "computed bars", text: bars.text())
    }

    private static let judgedTypes = ["scene", "manuscript_section", "codex_entry", "art_render", "audio_asset"]

    /// What a gatecheck judges: what is there for readers, whether or not the step reads it.
    private var judged: [ReadableArtifact] {
        Self.judgedTypes.flatMap { type in
            let seen = shelf.seen(ofType: type)
            return seen.isEmpty ? (try? artifacts(ofType: type)) ?? [] : seen
        }
    }

    /// What can be computed of what is there for readers.
    var gate: Gate { Gate(artifacts: judged.map(\.asPiece)) }
}

extension ReadableArtifact {
    /// How a gatecheck says that it has judged this, as it is now.
    fileprivate var coverage: JSONValue {
        let hash = Artifact(id: id, type: type, data: data).contentHash
        return ["id": JSONValue(id), "type": JSONValue(type), "content_hash": JSONValue(hash)]
    }
}

extension Form {
    /// Whether the answer gives the quality bars.
    var hasBars: Bool {
        guard case .object(let fields) = shape else { return false }
        return fields.contains { $0.key == "bars" }
    }
}
