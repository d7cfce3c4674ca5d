import Core

/// What a step writes, by name, before it is written: so a later run finds it again.
extension LoopEngine {
    /// The id that the first take of what a step writes at an index has.
    func piece(of step: Loop.Step, index: Int) -> String {
        let form = library.form(of: step)
        let type = writtenType(of: step)
        return DerivedID(
            prefix: form?.prefix ?? type.uppercased(), type: type, step: step, index: index, brief: assignment.brief,
            seed: assignment.seed
        ).text
    }

    /// The type of what the answers of a step become.
    private func writtenType(of step: Loop.Step) -> String {
        guard let form = library.form(of: step) else { return step.outputs.first ?? ReadableArtifact.noteType }
        return form.artifact ?? ReadableArtifact.noteType
    }

    /// The id that the first take of what a part of a step writes has.
    func piece(of step: Loop.Step, part: Part) -> String {
        let prefix = library.form(of: step)?.prefix ?? "NOTE"
        if let section = part.section {
            let type = writtenType(of: step)
            guard type != ReadableArtifact.noteType else {
                return DerivedID(prefix: prefix, step: step, about: "\(section.brief)/\(section.key)").text
            }
            return DerivedID(prefix: prefix, type: type, section: section).text
        }
        if let artifact = part.artifact {
            guard !step.outputs.contains(artifact.type) else { return artifact.piece }
            return DerivedID(prefix: prefix, step: step, about: artifact.piece).text
        }
        if let revised = revisedPiece(of: step, index: part.index) { return revised }
        return piece(of: step, index: part.index)
    }

    /// The piece of which a step writes the next revision, where an earlier step has written it.
    private func revisedPiece(of step: Loop.Step, index: Int) -> String? {
        guard let revised = loop.steps[part.steps].first(where: { $0.name == step.revises }) else { return nil }
        let piece = piece(of: revised, index: index)
        return shelf.artifact(ofPiece: piece) == nil ? nil : piece
    }

    /// The piece of a picture or a sound that a step renders.
    func mediaPiece(of step: Loop.Step, index: Int) -> String {
        let type = step.outputs.first ?? ReadableArtifact.noteType
        let prefix = type == "art_render" ? "RENDER" : "SOUND"
        return DerivedID(
            prefix: prefix, type: type, step: step, index: index, brief: assignment.brief, seed: assignment.seed
        ).text
    }

    /// The piece of what the program itself makes in a step.
    func ownPiece(of step: Loop.Step, prefix: String) -> String {
        DerivedID(prefix: prefix, step: step, about: "\(assignment.brief)/\(assignment.seed ?? 0)").text
    }

    /// The piece that a part of an answer becomes beside its own.
    func splitPiece(_ type: String, of piece: String, in step: Loop.Step) -> String {
        DerivedID(prefix: type.uppercased(), step: step, about: piece).text
    }

    func takeID(_ piece: String) -> String { DerivedID.take(assignment.take, of: piece) }

    /// The first take of which the workspace holds nothing that the ordered steps write first.
    mutating func firstFreeTake() throws(RunError) -> Int {
        for part in loop.parts {
            self.part = part
            shelf.beginLoop()
            for step in loop.steps[part.steps] {
                guard step.form == nil || (assignment.role != nil && assignment.role != step.role) else {
                    return try firstFreeTake(of: step)
                }
                try recall(step)
            }
        }
        return 1
    }

    private func firstFreeTake(of step: Loop.Step) throws(RunError) -> Int {
        var pieces = [piece(of: step, index: 0)]
        if let revised = loop.steps[part.steps].first(where: { $0.name == step.revises }) {
            pieces.append(piece(of: revised, index: 0))
        }
        if let reading = try? reading(of: step) {
            if library.form(of: step)?.updates != nil, let first = reading.first { pieces.append(first.piece) }
            if let first = try? parts(of: step, reading: reading).first { pieces.append(piece(of: step, part: first)) }
        }
        var take = 1
        while try holds(pieces, take: take) { take += 1 }
        return take
    }

    private func holds(_ pieces: [String], take: Int) throws(RunError) -> Bool {
        for piece in pieces where try desk.holds(DerivedID.take(take, of: piece)) { return true }
        return false
    }
}

/// How much a run may ask at most.
extension LoopEngine {
    /// The steps that ask a model, and how many requests each may make for itself at most, repairs left out.
    func mostRequests() throws(RunError) -> [(step: Loop.Step, count: Int)] {
        var engine = self
        // What earlier steps of the run will have written at most, by type.
        var made: [String: Int] = [:]
        var requests: [(step: Loop.Step, count: Int)] = []
        for part in loop.parts where part.roles.allSatisfy(showrunner.isActive) {
            engine.part = part
            for step in loop.steps[part.steps] where assignment.role == nil || assignment.role == step.role {
                let count = try engine.mostParts(of: step, made: made)
                for type in step.outputs {
                    let isList = library.form(of: step)?.each != nil
                    made[type] = max(made[type] ?? 0, isList ? engine.itemCount(of: step) : count)
                }
                if step.form != nil { requests.append((step, count)) }
            }
        }
        return requests
    }

    private func mostParts(of step: Loop.Step, made: [String: Int]) throws(RunError) -> Int {
        switch step.each {
        case nil: return 1
        case .section:
            if made["tu_brief"] != nil { return assignment.count ?? Loop.defaultCount }
            return max(1, sections(in: (try? reading(of: step)) ?? []).count)
        case .artifact(let types):
            let known = types.compactMap { made[$0] }.reduce(0, +)
            guard known == 0 else { return known }
            return max(1, ((try? reading(of: step)) ?? []).count { types.contains($0.type) })
        }
    }

    /// How many artifacts one answer of a step makes at most.
    private func itemCount(of step: Loop.Step) -> Int {
        step.asks.first { $0.key == "count" }.flatMap { Int($0.value) } ?? Loop.itemLimit
    }
}
