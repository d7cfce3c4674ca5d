import Core

/// The way of a run through its steps: on, over what was done before, and back where a step is to be done again.
extension LoopEngine {
    /// What the run had before a step.
    struct Mark: Sendable {
        var part: Loop.Part
        var shelf: RunShelf
    }

    /// How a step under way ended.
    private enum End: Sendable {
        case ended(Result<RunShelf, RunError>)
        case stopped
    }

    /// Runs every step. Throws why the run ended early; what was stored until then stays.
    mutating func run() async throws(RunError) {
        var index = 0
        while index < loop.steps.count {
            if let part = loop.parts.first(where: { $0.steps.lowerBound == index }), try !enter(part) {
                index = part.steps.upperBound
                continue
            }
            index = try await pass(index)
        }
    }

    /// Begins a loop of the run; returns false where it is left out.
    private mutating func enter(_ part: Loop.Part) throws(RunError) -> Bool {
        guard isCalledFor(part) else { return false }
        self.part = part
        shelf.beginLoop()
        guard let finding = try nothingToBegin() else { return true }
        emit(.notice(isError: false, text: finding))
        return false
    }

    /// Does a step, or puts on the shelf what it left before; returns the index of the step that comes next.
    private mutating func pass(_ index: Int) async throws(RunError) -> Int {
        guard !Task.isCancelled else { throw .cancelled }
        let step = loop.steps[index]
        let mark = Mark(part: part, shelf: shelf)
        let isOwn = assignment.role == nil || assignment.role == step.role
        if index < assignment.resumedAt ?? 0 || !isOwn {
            try recall(step)
            if isOwn { marks = [index: mark] }
            isOwn ? steering.end(index) : steering.skip(index)
        } else {
            marks[index] = mark
            try await perform(step, at: index)
        }
        let turn = try await steering.turn()
        if turn.isRedo {
            let before = marks[turn.index]?.shelf.all.map(\.id) ?? []
            replaced = Set(shelf.all.map(\.id)).subtracting(before)
            return goBack(to: turn.index)
        }
        guard turn.index != index else { return goBack(to: index, keepsStored: !steering.hasOpenNote) }
        if part.isGated, index == part.steps.upperBound - 1 { try passGate() }
        return index + 1
    }

    /// Begins a step again; `keepsStored` says whether it goes on with what it has stored.
    private mutating func goBack(to index: Int, keepsStored: Bool = false) -> Int {
        if let mark = marks[index] { (part, shelf) = (mark.part, mark.shelf) }
        assignment.resumedAt = keepsStored ? index : nil
        return index
    }

    /// Does a step until it is done, or somebody ends it.
    private mutating func perform(_ step: Loop.Step, at index: Int) async throws(RunError) {
        steering.begin(index)
        emit(.stepStarted(run: assignment.run, index: index, step: step.name, role: step.role))
        let (engine, steering) = (self, steering)
        let result = await withTaskGroup(of: End.self) { group -> Result<RunShelf, RunError>? in
            group.addTask { .ended(await engine.result(of: step, at: index)) }
            group.addTask {
                await steering.stopped()
                return .stopped
            }
            var result: Result<RunShelf, RunError>?
            for await end in group {
                group.cancelAll()
                if case .ended(let ended) = end { result = ended }
            }
            return result
        }
        switch result {
        case .success(let shelf):
            self.shelf = shelf
            try discardReplaced(by: step)
            emit(.stepFinished(run: assignment.run, index: index, step: step.name))
            marks = marks.filter { $0.key == index }
            steering.end(index)
        case .failure(let error):
            guard error.kind == .cancelled, !Task.isCancelled else { throw error }
        case nil: throw .cancelled
        }
    }

    /// Moves what a step has not written again into the bin, where it can be brought back from.
    private mutating func discardReplaced(by step: Loop.Step) throws(RunError) {
        let left = replaced.subtracting(shelf.all.map(\.id)).sorted()
        replaced = []
        for id in left where try desk.discard(id, writtenIn: assignment.run) {
            emit(.notice(isError: false, text: "\(id) is in the bin: \(step.name) did not write it again"))
        }
    }

    private func result(of step: Loop.Step, at index: Int) async -> Result<RunShelf, RunError> {
        do throws(RunError) {
            var engine = self
            try await engine.work(step, at: index)
            return .success(engine.shelf)
        } catch {
            return .failure(error)
        }
    }
}
