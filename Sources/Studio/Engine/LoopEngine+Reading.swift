import Core
import Workspace

/// What a step reads, so that the same run asks the same questions.
extension LoopEngine {
    /// What this run wrote; of a type that it has not written, what the workspace holds, where the loop reads that.
    ///
    /// A step that names no inputs reads what its loop has written so far; one that revises an artifact reads that too.
    func reading(of step: Loop.Step) throws(RunError) -> [ReadableArtifact] {
        guard !step.inputs.isEmpty || step.revises != nil else { return shelf.writtenByLoop }
        var reading: [ReadableArtifact] = []
        for type in step.inputs { reading += try artifacts(ofType: type) }
        if let revises = step.revises, let revised = loop.steps[part.steps].first(where: { $0.name == revises }) {
            for type in revised.outputs where !step.inputs.contains(type) {
                reading += shelf.writtenByLoop.filter { $0.type == type }
            }
        }
        guard reading.isEmpty else { return reading }
        throw try nothingToRead(step)
    }

    func artifacts(ofType type: String) throws(RunError) -> [ReadableArtifact] {
        if type == "project_metadata" { return [desk.project] }
        let written = shelf.artifacts(ofType: type)
        switch type {
        case "hot" where !shelf.all.isEmpty:
            let entries = shelf.all.map { ($0.id, $0.type, $0.data["title"]?.string ?? $0.id) }
            return [ArtifactDesk.listing(entries, id: type, type: type)]
        case "hot": return try desk.listing(.hot).map { [$0] } ?? []
        // What a run has not written itself would differ from one run to the next.
        case "cold": return shelf.all.isEmpty ? try desk.listing(.cold).map { [$0] } ?? [] : []
        case ReadableArtifact.snapshotType where written.isEmpty: return try desk.newestSnapshot().map { [$0] } ?? []
        default: break
        }
        guard written.isEmpty, part.readsWorkspace else { return written }
        // A loop reads the workspace once, as it was then.
        if let found = shelf.found(type) { return found }
        return try desk.artifacts(ofType: type, only: assignment.inputs)
    }

    /// The requests that a step makes for itself: one, or one for each section or artifact that it reads.
    func parts(of step: Loop.Step, reading: [ReadableArtifact]) throws(RunError) -> [Part] {
        let parts: [Part]
        switch step.each {
        case nil: return [Part(index: 0)]
        case .section: parts = sections(in: reading).enumerated().map { Part(index: $0, section: $1) }
        case .artifact(let types):
            parts = reading.filter { types.contains($0.type) }.enumerated().map { Part(index: $0, artifact: $1) }
        }
        guard !parts.isEmpty else { throw try nothingToRead(step) }
        return parts
    }

    /// The sections of the briefs, of each no more than were ordered.
    func sections(in reading: [ReadableArtifact]) -> [StoryPlan.Section] {
        reading.filter { $0.type == "tu_brief" }.flatMap { brief in
            let sections = StoryPlan(brief).sections
            return assignment.count.map { Array(sections.prefix($0)) } ?? sections
        }
    }

    /// Why the loop has nothing to begin with, and which loop makes it; nil when it can begin.
    ///
    /// What an earlier step of the loop writes needs not be there yet.
    mutating func nothingToBegin() throws(RunError) -> String? {
        if part.readsWorkspace { shelf.note(types: try desk.typesInWork()) }
        var made: Set<String> = []
        for (index, step) in loop.steps[part.steps].enumerated() {
            let isAboutEach = step.each == .section || index == 0
            var types = step.inputs
            if step.each == .section { types = ["tu_brief"] }
            if isAboutEach, !types.isEmpty, made.isDisjoint(with: types) {
                var reading: [ReadableArtifact] = []
                for type in types {
                    let found = try artifacts(ofType: type)
                    if !found.isEmpty { shelf.note(found, of: type) }
                    reading += found
                }
                if reading.isEmpty || (step.each == .section && sections(in: reading).isEmpty) {
                    return "\(part.loop) has nothing to read: there is no \(try absence(of: types))"
                }
            }
            made.formUnion(step.outputs)
        }
        return nil
    }

    func nothingToRead(_ step: Loop.Step) throws(RunError) -> RunError {
        let writers = loop.steps[part.steps].filter { !Set($0.outputs).isDisjoint(with: step.inputs) }.map(\.name)
        let types = step.inputs.joined(separator: " or ")
        let lack =
            assignment.role != nil
            ? "\(types): run the loop once without --role"
            : writers.isEmpty
                ? try absence(of: step.inputs)
                : "\(types): see what \(writers.joined(separator: " and ")) left for review, then run the loop with another "
                    + "take"
        return RunError(.nothingToRead, "\(step.name) has nothing to read: there is no \(lack)")
    }

    /// The types that are not there to read, and how they come to be.
    private func absence(of types: [String]) throws(RunError) -> String {
        let names = types.joined(separator: " or ")
        guard assignment.inputs.isEmpty else { return "\(names) among what --input names" }
        let cold = try desk.coldArtifacts(ofTypes: types)
        if let first = cold.first {
            let others = cold.count > 1 ? " and \(cold.count - 1) more have" : " has"
            return
                "\(names) in work: \(first)\(others) passed the gate; `questfoundry artifacts demote \(first)` takes it back"
        }
        return library.maker(of: types).map { "\(names); \($0) makes it" } ?? "\(names), and no loop makes it"
    }
}
