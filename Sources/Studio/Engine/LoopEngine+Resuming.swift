import Core
import Generation
import Workspace

/// What an earlier session has kept of the step in which it ended.
extension LoopEngine {
    /// What one request of the step brought then; nil when it was not made, or not kept whole.
    func kept(earlier request: Request) throws(RunError) -> [ReadableArtifact]? {
        guard request.prompt.form.updates == nil, request.prompt.form.each == nil else { return nil }
        // An answer that could not be read may lie beside what was there.
        let pieces = [piece(of: request.step, part: request.part), piece(of: request.step, index: request.part.index)]
        for piece in pieces {
            let artifact = try desk.artifact(
                takeID(piece), by: request.step, in: assignment.run, redos: request.redos)
            guard let artifact else { continue }
            emitStored(artifact)
            return artifact.needsReview == nil ? [ReadableArtifact(artifact)] : []
        }
        return nil
    }

    /// What a step that changes the artifacts it reads had kept; nil when it had kept nothing.
    ///
    /// Some of them may be as the step left them, and not as it read them. So it is not asked again: its answer is taken
    /// from the cache and kept once more, whole.
    func kept(
        earlier step: Loop.Step, form: Form, reading: [ReadableArtifact], redos: Int
    ) throws(RunError) -> [ReadableArtifact]? {
        guard form.updates != nil else { return nil }
        for base in reading {
            guard let artifact = try desk.artifact(takeID(base.piece), by: step, in: assignment.run, redos: redos),
                let provenance = artifact.metadata["provenance"]?.object,
                let key = provenance["cache_key"]?.string, let answer = remembered(key)
            else { continue }
            let part = Part(index: 0)
            let common = self.reader(of: form, reading: reading)
            let reader = self.reader(common, for: part, of: step, reading: reading)
            guard let items = try? reader.artifacts(in: answer.text) else { return nil }
            let prompt = Prompt(system: "", task: "", brief: "", form: form)
            let request = Request(step: step, part: part, prompt: prompt, reader: reader, reading: reading)
            return try keep(
                Reply(origin: .earlier(provenance), text: answer.text, items: .success(items)), for: request)
        }
        return nil
    }

    private func emitStored(_ artifact: Artifact) {
        emit(.artifactStored(run: assignment.run, artifact: desk.stored(artifact)))
    }
}
