import Configuration
import Core

/// Whether what loops, forms and prompts say of each other fits.
extension Library {
    /// Throws for the first step that could not run.
    func check() throws(LibraryError) {
        for step in loops.flatMap(\.steps) {
            guard let reason = fault(of: step) else { continue }
            let titles = [step.path, step.role.rawValue] + step.consulted.map(\.rawValue) + ["consultation"]
            let names = [step.path, step.form ?? ""] + titles.map { "# \($0)" }
            let place = names.lazy.compactMap { places[$0] }.first
            throw LibraryError(line: place?.line, reason: reason).inFile(place?.file ?? "")
        }
    }

    /// Why a step could not run; nil when it can.
    private func fault(of step: Loop.Step) -> String? {
        guard let name = step.form else { return nil }
        guard let form = forms[name] else {
            return "\(step.name) answers in the form \(name), which is not among the forms"
        }
        guard !task(of: step).isEmpty else {
            return "\(step.name) has no task: write it in .questfoundry/prompts under # \(step.path)"
        }
        let fixed = fixedBytes(of: step, form)
        guard fixed <= step.promptCap else {
            return
                "\(step.path) asks with \(fixed) bytes of role, task and form, more than its prompt_cap of \(step.promptCap)"
        }
        guard step.action == nil else { return nil }
        guard let written = form.artifact else {
            let isOfItsType =
                if case .artifact(let types) = step.each { types.contains(where: step.outputs.contains) } else { false }
            return step.outputs.isEmpty || isOfItsType
                ? nil : "\(step.path) has outputs, but its form \(name) names no artifact: its answer is a working note"
        }
        return step.outputs.contains(written)
            ? nil : "\(step.path) writes \(written), as its form \(name) says, which is not among its outputs"
    }

    /// The bytes of a step's longest prompt that are the same whatever it reads: these are never cut.
    private func fixedBytes(of step: Loop.Step, _ form: Form) -> Int {
        var prompt = Prompt(system: roles[step.role] ?? "", task: task(of: step), brief: "", form: form)
        prompt.asks = step.asks
        prompt.invitation = form.mayAsk ? question : nil
        return prompt.messages(cap: .max).messages.reduce(0) { $0 + $1.content.utf8.count }
    }
}

extension Loop {
    /// Throws for a step that names what does not stand before it.
    func check(at tree: Tree) throws(LibraryError) {
        for part in parts where part.loop == name {
            var earlier: [Step] = []
            for step in steps[part.steps] {
                let place = tree.entry(ofStep: step.name)
                for name in step.notes + [step.revises, step.collects].compactMap({ $0 })
                where !earlier.contains(where: { $0.name == name }) {
                    throw LibraryError(place, "\(step.name) names \(name), which is no step before it")
                }
                guard !earlier.contains(where: { $0.name == step.name }) else {
                    throw LibraryError(place, "\(name) has two steps called \(step.name)")
                }
                if let type = step.missingEach(after: earlier) {
                    throw LibraryError(place, "\(step.name) asks once for each \(type), which is not among its inputs")
                }
                earlier.append(step)
            }
        }
    }

    /// Puts a loop's steps in place of those that this one has of it.
    mutating func take(_ loop: Loop) {
        guard parts.contains(where: { $0.loop == loop.name }) else { return }
        var steps: [Step] = []
        for index in parts.indices {
            let own = parts[index].loop == loop.name ? loop.steps : Array(self.steps[parts[index].steps])
            parts[index].steps = steps.count..<(steps.count + own.count)
            steps += own
        }
        self.steps = steps
    }

    /// Whether a step writes one of some types before any step reads one; work in progress is all that is written.
    func makes(_ types: Set<String>) -> Bool {
        for step in steps {
            guard types.isDisjoint(with: step.inputs) else { return false }
            if !types.isDisjoint(with: step.outputs) || (types.contains("hot") && !step.outputs.isEmpty) { return true }
        }
        return false
    }
}

extension Loop.Step {
    /// What the step makes one request for each of and does not read; nil when it reads it, or all that was written.
    fileprivate func missingEach(after earlier: [Loop.Step]) -> String? {
        guard let each, !inputs.isEmpty || revises != nil else { return nil }
        let revised = earlier.first { $0.name == revises }?.outputs ?? []
        switch each {
        case .section: return (inputs + revised).contains("tu_brief") ? nil : "section of a tu_brief"
        case .artifact(let types): return types.first { !(inputs + revised).contains($0) }
        }
    }
}

extension Tree {
    /// The entry of a step, or the loop's own.
    func entry(ofStep name: String) -> Tree {
        self["steps"]?.items?.first { $0["step"]?.text == name } ?? self
    }
}
