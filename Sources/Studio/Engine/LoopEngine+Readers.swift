import Core
import Workspace

/// How the answers of a step are read.
extension LoopEngine {
    /// What the readers of all parts of a step have in common.
    func reader(of form: Form, reading: [ReadableArtifact]) -> AnswerReader {
        var reader = AnswerReader(form: form, sectionLimit: assignment.count ?? Loop.countRange.upperBound)
        reader.known = Set(reading.map(\.id))
        let briefs = reading.filter { $0.type == "tu_brief" }
        if briefs.count == 1 { reader.brief = briefs[0].piece }
        reader.decision = shelf.seen(ofType: "gatecheck_report").last?.data["decision"]?.string
        return reader
    }

    /// A reader of the step as one part needs it.
    func reader(
        _ common: AnswerReader, for part: Part, of step: Loop.Step, reading: [ReadableArtifact]
    ) -> AnswerReader {
        var reader = common
        let form = reader.form
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
        return reader
    }

    /// What can be computed of the bars, for whom is to judge the others.
    func computedBars(of gate: Gate) -> Prompt.Passage {
        let bars = gate.report(from: JSONObject())["bars"] ?? .array([])
        return Prompt.Passage(heading: "computed bars", text: bars.text())
    }

    private static let readersTypes = ["scene", "manuscript_section", "codex_entry", "art_render", "audio_asset"]

    /// What can be computed of what is there for readers.
    mutating func gate(of judged: [ReadableArtifact]) -> Gate {
        if let judgement, judgement.artifacts == judged { return judgement.gate }
        let gate = Gate(artifacts: judged.map(\.asPiece))
        judgement = (judged, gate)
        return gate
    }

    /// What a gatecheck judges: what is there for readers, whether or not the step reads it.
    mutating func judged() -> [ReadableArtifact] {
        var judged: [ReadableArtifact] = []
        for type in Self.readersTypes {
            var found = shelf.seen(ofType: type)
            if found.isEmpty, let read = try? artifacts(ofType: type) {
                found = read
                shelf.note(read, of: type)
            }
            judged += found
        }
        return judged
    }
}

extension ReadableArtifact {
    /// How a gatecheck says that it has judged this, as it is now.
    var coverage: JSONValue {
        let hash = Artifact(id: id, type: type, data: data).contentHash
        return ["id": JSONValue(id), "type": JSONValue(type), "content_hash": JSONValue(hash)]
    }
}

extension Form {
    /// Whether what is there for readers is judged.
    var isOfGatecheck: Bool { hasBars || artifact == "gatecheck_report" }

    /// Whether the answer gives the quality bars.
    var hasBars: Bool {
        guard case .object(let fields) = shape else { return false }
        return fields.contains { $0.key == "bars" }
    }
}
