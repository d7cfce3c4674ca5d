import Core
import Generation

/// What becomes of the answers of a step.
extension LoopEngine {
    /// Keeps what a request brought, durably; returns what later steps read of it.
    func keep(_ reply: Reply, for request: Request) throws(RunError) -> [ReadableArtifact] {
        let form = request.prompt.form
        let items: [JSONObject]
        switch reply.items {
        case .success(let read): items = read
        case .failure(let error):
            try keepUnread(reply, because: error.reason, request: request)
            return []
        }
        var kept: [ReadableArtifact] = []
        for (offset, item) in items.enumerated() {
            for draft in try drafts(of: item, at: offset, form: form, request: request) {
                kept.append(try store(draft, for: request, origin: reply.origin))
            }
        }
        return kept
    }

    /// What is kept of one item of an answer.
    struct Draft {
        var piece: String
        var type: String
        var data: JSONObject
    }

    private func drafts(
        of item: JSONObject, at offset: Int, form: Form, request: Request
    ) throws(RunError) -> [Draft] {
        let (step, part) = (request.step, request.part)
        if form.updates != nil {
            guard let base = request.reading.first(where: { $0.id == item["id"]?.string }) else { return [] }
            var changes = item
            changes["id"] = nil
            return [Draft(piece: base.piece, type: base.type, data: base.data.merged(with: changes))]
        }
        let piece =
            form.each == nil
            ? piece(of: step, part: part) : piece(of: step, index: part.index * Loop.itemLimit + offset)
        var data = item
        if form.merges, let base = part.artifact ?? shelf.artifact(ofPiece: piece) {
            data = base.data.merged(with: item)
        }
        if let collects = step.collects { collect(collects, into: &data) }
        var drafts: [Draft] = []
        if let split = form.split {
            var second = JSONObject()
            for key in split.keys {
                second[key] = data[key]
                data[key] = nil
            }
            let id = splitPiece(split.type, of: piece, in: step)
            drafts.append(Draft(piece: id, type: split.type, data: second))
        }
        let type = part.artifact.flatMap { step.outputs.contains($0.type) ? $0.type : nil } ?? form.artifact
        drafts.insert(Draft(piece: piece, type: type ?? ReadableArtifact.noteType, data: data), at: 0)
        return drafts
    }

    /// Adds what an earlier step noted: its notes about artifacts by their ids, under `entries`, any other key by key.
    private func collect(_ step: String, into data: inout JSONObject) {
        var entries = JSONObject()
        for note in shelf.notes(of: step) {
            var noted = note.data.object ?? JSONObject()
            if let about = noted["about"]?.string {
                noted["about"] = nil
                entries[about] = .object(noted)
            } else {
                for member in noted.members { data[member.key] = member.value }
            }
        }
        if !entries.members.isEmpty { data["entries"] = .object(entries) }
    }

    /// Keeps an answer that cannot be read word for word: it was paid for. No later step reads it, and it takes the place of
    /// no artifact that can be read.
    private func keepUnread(_ reply: Reply, because reason: String, request: Request) throws(RunError) {
        let step = request.step
        var piece = piece(of: step, index: request.part.index)
        if request.part.section != nil, step.outputs.first != nil {
            let section = self.piece(of: step, part: request.part)
            if try !desk.holdsReadable(takeID(section)) { piece = section }
        }
        var data = JSONObject([("answer", JSONValue(reply.text))])
        if let first = reply.firstAnswer { data["first_answer"] = JSONValue(first) }
        let draft = Draft(piece: piece, type: step.outputs.first ?? ReadableArtifact.noteType, data: data)
        let stored = try store(draft, for: request, origin: reply.origin, needsReview: reason)
        emit(.notice(isError: true, text: "\(stored.id) needs review: \(reason)"))
    }

    @discardableResult
    private func store(
        _ draft: Draft, for request: Request, origin: ArtifactDesk.Origin, needsReview: String? = nil
    ) throws(RunError) -> ReadableArtifact {
        let work = ArtifactDesk.Work(
            assignment: assignment, step: request.step, piece: draft.piece, origin: origin, needsReview: needsReview,
            redos: request.redos)
        return try store(draft, step: request.step, work: work)
    }

    /// Keeps a piece under the name of its take.
    func store(_ draft: Draft, step: Loop.Step, work: ArtifactDesk.Work) throws(RunError) -> ReadableArtifact {
        let id = takeID(draft.piece)
        var data = draft.data
        // A scene says its own name, and each take has its own.
        if draft.type == "scene", work.needsReview == nil { data["id"] = JSONValue(id) }
        let (stored, isEditedOutside) = try desk.keep(data, type: draft.type, id: id, work: work)
        emit(.artifactStored(run: assignment.run, artifact: stored))
        if isEditedOutside {
            let text = "\(id) was changed outside this program and stays as it is; \(step.name)'s text is in the cache"
            emit(.notice(isError: false, text: text))
        }
        return ReadableArtifact(
            id: id, type: draft.type, data: .object(data), piece: draft.piece, take: assignment.take, step: step.name)
    }
}

extension JSONValue {
    /// The object with some keys set anew, in their places.
    fileprivate func merged(with changes: JSONObject) -> JSONObject {
        var merged = object ?? JSONObject()
        for member in changes.members { merged[member.key] = member.value }
        return merged
    }
}
