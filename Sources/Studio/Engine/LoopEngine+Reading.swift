import Core

/// What a step reads, so that the same run asks the same questions.
extension LoopEngine {
    /// What this run wrote; of a type that it has not written, what the workspace holds, where the loop reads that.
    ///
    /// A step that revises an artifact reads that too. Throws when there is nothing at all to read.
    func reading(of step: Loop.Step) throws(RunError) -> [ReadableArtifact] {
        var reading: [ReadableArtifact] = []
        for type in step.inputs + (step.revises == nil ? [] : step.outputs) {
            if type == "project_metadata" {
                reading.append(desk.project)
                continue
            }
            let written = shelf.artifacts(ofType: type)
            reading += written.isEmpty && loop.readsWorkspace ? try desk.artifacts(ofType: type) : written
        }
        guard !reading.isEmpty else { throw nothingToRead(step) }
        return reading
    }

    func nothingToRead(_ step: Loop.Step) -> RunError {
        let types = step.inputs.joined(separator: " or ")
        let writers = loop.steps.filter { !Set($0.outputs).isDisjoint(with: step.inputs) }.map(\.name)
        let remedy =
            assignment.role == nil
            ? "see what \(writers.joined(separator: " and ")) left for review, then run the loop with another take"
            : "run the loop once without --role"
        return RunError(.nothingToRead, "\(step.name) has no \(types) to read: \(remedy)")
    }

    /// Puts on the shelf what an earlier run of the same order left of a step that is not run now.
    mutating func recall(_ step: Loop.Step) throws(RunError) {
        let sections = plan(in: shelf.artifacts(ofType: "tu_brief")).sections.count
        for index in 0..<(step.isPerSection ? sections : Loop.countRange.upperBound) {
            if let artifact = try newest(of: step, index: index) {
                shelf.put(artifact)
            } else if !step.isPerSection {
                return
            }
        }
    }

    /// What a step wrote at an index in this take, else in the nearest take before it.
    private func newest(of step: Loop.Step, index: Int) throws(RunError) -> ReadableArtifact? {
        for take in stride(from: assignment.take, through: 1, by: -1) {
            if let artifact = try desk.artifact(id: id(of: step, index: index, take: take)) { return artifact }
        }
        return nil
    }

    /// The first take of which the workspace holds nothing that the ordered steps write first.
    func firstFreeTake() throws(RunError) -> Int {
        guard let step = loop.steps.first(where: { assignment.role == nil || $0.role == assignment.role }) else {
            return 1
        }
        let writers = [step] + loop.steps.filter { $0.name == step.revises }
        var take = 1
        while try holds(writers, take: take) { take += 1 }
        return take
    }

    private func holds(_ steps: [Loop.Step], take: Int) throws(RunError) -> Bool {
        for step in steps where try desk.holds(ownID(of: step, index: 0, take: take)) { return true }
        return false
    }

    /// The id of the artifact that a step writes at an index: that of the artifact it revises, where there is one.
    func id(of step: Loop.Step, index: Int) -> String { id(of: step, index: index, take: assignment.take) }

    private func id(of step: Loop.Step, index: Int, take: Int) -> String {
        if let revised = loop.steps.first(where: { $0.name == step.revises }) {
            let id = ownID(of: revised, index: index, take: take)
            if shelf.contains(id) { return id }
        }
        return ownID(of: step, index: index, take: take)
    }

    /// The id that belongs to a step itself, whatever it revises.
    func ownID(of step: Loop.Step, index: Int, take: Int? = nil) -> String {
        let type = step.outputs.first ?? ""
        return DerivedID(
            prefix: library.forms[step.form]?.prefix ?? type.uppercased(), type: type, loop: loop.name,
            step: step.name, index: index, brief: assignment.brief, seed: assignment.seed,
            take: take ?? assignment.take
        ).text
    }
}
