import Core
import Foundation
import Generation

/// Pictures and sounds: rendered by the providers of their kinds, kept as files in `media`, described by artifacts.
extension LoopEngine {
    /// One picture or recording of a plan.
    private struct Shot {
        var index: Int
        var question: Role.Question
        var data: JSONObject
    }

    /// Renders what the plan lists, each entry about a scene; an entry that fails ends the run, and the others stay.
    mutating func render(
        _ action: ActionName, in step: Loop.Step, at index: Int, reading: [ReadableArtifact]
    ) async throws(RunError) {
        let shots = action == .images ? pictures(in: step, reading) : recordings(in: step, reading)
        guard !shots.isEmpty else {
            let list = action == .images ? "shots" : "cues"
            throw RunError(
                .nothingToRead, "\(step.name) has nothing to render: neither its answer nor what it reads lists \(list)"
            )
        }
        for (done, shot) in shots.enumerated() {
            emit(.stepProgress(run: assignment.run, index: index, done: done, of: shots.count))
            shelf.put(try await render(shot, in: step, redos: steering.redos(of: index)))
        }
        emit(.stepProgress(run: assignment.run, index: index, done: shots.count, of: shots.count))
    }

    private func render(_ shot: Shot, in step: Loop.Step, redos: Int) async throws(RunError) -> ReadableArtifact {
        guard !Task.isCancelled else { throw .cancelled }
        var candidates = try showrunner.role(step.role).candidates(shot.question, flags: assignment.flags)
        candidates.set(
            seed: assignment.seed.map { $0 &+ UInt64(shot.index) }, take: assignment.take(afterRedos: redos))
        let generated = try await send(
            GenerationRequest(
                id: ULID(at: time.now()), call: candidates.call, passedOver: candidates.passedOver,
                fallbacks: candidates.fallbacks, origin: origin(of: step, role: step.role),
                isFresh: assignment.isFresh || redos > 0,
                check: { $0.media == nil ? "the answer holds no picture or sound" : nil }))
        guard let media = generated.answer.media else {
            throw RunError(.provider, "\(step.name): the answer holds no picture or sound")
        }
        let type = step.outputs.first ?? ReadableArtifact.noteType
        let piece = mediaPiece(of: step, index: shot.index)
        var data = shot.data
        // Before the artifact, so that none is without its file.
        data["file"] = JSONValue(try desk.keep(media, as: takeID(piece)))
        data["media_type"] = JSONValue(media.type.rawValue)
        data["model"] = JSONValue(generated.record.model)
        data["seed"] = candidates.call.seed.map { JSONValue($0) } ?? .null
        data["settings"] = .object(candidates.call.settings)
        let work = ArtifactDesk.Work(
            assignment: assignment, step: step, piece: piece, origin: .answer(generated), redos: redos)
        return try store(Draft(piece: piece, type: type, data: data), step: step, work: work)
    }

    /// The prompts that the role wrote for the pictures, else those of the plan.
    private func pictures(in step: Loop.Step, _ reading: [ReadableArtifact]) -> [Shot] {
        entries("shots", of: step, reading).enumerated().compactMap { index, entry in
            guard let prompt = entry["prompt"]?.string else { return nil }
            let data = JSONObject([
                ("title", JSONValue(entry["alt"]?.string?.prefix(words: 8) ?? "Picture \(index + 1)")),
                ("scene", entry["scene"] ?? .null), ("alt", entry["alt"] ?? .null), ("prompt", JSONValue(prompt)),
            ])
            return Shot(index: index, question: .image(prompt: prompt.prefix(utf8Bytes: 4096)), data: data)
        }
    }

    private func recordings(in step: Loop.Step, _ reading: [ReadableArtifact]) -> [Shot] {
        entries("cues", of: step, reading).enumerated().compactMap { index, entry in
            guard let text = entry["text"]?.string else { return nil }
            let spoken = text.prefix(utf8Bytes: 4096)
            let data = JSONObject([
                ("title", JSONValue(spoken.prefix(words: 8))), ("scene", entry["scene"] ?? .null),
                ("text", JSONValue(spoken)),
            ])
            return Shot(index: index, question: .speech(text: spoken, voice: entry["voice"]?.string), data: data)
        }
    }

    private func entries(_ key: String, of step: Loop.Step, _ reading: [ReadableArtifact]) -> [JSONValue] {
        let written = shelf.notes(of: step.name).last ?? reading.last { $0.data[key]?.array != nil }
        let entries = written?.data[key]?.array ?? []
        if entries.count > ActionName.mostMedia {
            let text =
                "\(step.name): \(ActionName.mostMedia) of \(entries.count) are made; run it again with a shorter plan"
            emit(.notice(isError: false, text: text))
        }
        return Array(entries.prefix(ActionName.mostMedia))
    }
}

extension ModelCall {
    fileprivate var seed: UInt64? {
        switch self {
        case .text(let call): call.seed
        case .image(let call): call.takeSeed
        case .speech(let call): call.takeSeed
        }
    }

    /// What else decides on a picture or a sound, for whoever wants to make the same again.
    fileprivate var settings: JSONObject {
        var settings = JSONObject([("provider", JSONValue(provider))])
        func note(_ key: String, _ value: JSONValue?) { if let value { settings[key] = value } }
        switch self {
        case .text: break
        case .image(let call):
            note("width", call.width.map { JSONValue($0) })
            note("height", call.height.map { JSONValue($0) })
            note("aspect_ratio", call.aspectRatio.map { JSONValue($0) })
            note("quality", call.quality.map { JSONValue($0) })
            note("style", call.style.map { JSONValue($0) })
            note("steps", call.steps.map { JSONValue($0) })
            note("sampler", call.sampler.map { JSONValue($0) })
        case .speech(let call):
            note("voice", call.voice.map { JSONValue($0) })
            note("language", call.language.map { JSONValue($0) })
        }
        return settings
    }
}
