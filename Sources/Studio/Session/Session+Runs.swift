import Configuration
public import Core
import Generation
package import Metering
import ResponseCache
import Workspace

extension Session {
    /// Runs a loop to its end, and tells what it came to. One run at a time.
    ///
    /// Never throws: what went wrong is in the report. Cancelling the task, or ``cancel()``, ends the run cleanly; what
    /// it stored until then stays.
    public func run(_ order: RunOrder) async -> RunReport {
        await run(order, after: nil)
    }

    /// Goes on with the newest run, at the step that it was in when it was cancelled, refused, killed or failed.
    ///
    /// What it has stored is neither asked for nor written again, what it was told counts, and what it asked is not asked
    /// again. `asksWriter` is as in ``RunOrder``. Never throws: without a run to go on with, the report says so.
    public func resume(asksWriter: Bool = false) async -> RunReport {
        do throws(RunError) {
            guard let left = try unfinishedRun() else {
                throw RunError(.order, "there is nothing to go on with: the last run came to its end")
            }
            var order = try RunOrder(saved: left.work)
            order.asksWriter = asksWriter
            return await run(order, after: left)
        } catch {
            return .refused(RunOrder(), run: ULID(at: environment.time.now()), because: error)
        }
    }

    /// The newest run, when it has not come to its end; nil when it has, or there is none.
    package nonisolated func unfinishedRun() throws(RunError) -> UnfinishedRun? {
        do { return try ledger.unfinishedRun() } catch { throw RunError(.storage, error.description) }
    }

    private func run(_ order: RunOrder, after left: UnfinishedRun?) async -> RunReport {
        let started = environment.time.now()
        let run = left?.id ?? ULID(at: started)
        do throws(RunError) {
            guard work == nil else { throw RunError.busy }
            let (loop, assignment) = try prepare(order, run: run, after: left)
            let steering = try steering(loop, assignment, asksWriter: order.asksWriter, isResumed: left != nil)
            self.steering = steering
            if let goal = order.goal { _ = steering.take(.note(goal), by: "goal") }
            let error = await alone { await self.perform(loop, assignment, steering) }
            self.steering = nil
            return report(assignment, loop: loop.name, state: error?.state ?? .done, since: started, error: error)
        } catch {
            return .refused(order, run: run, because: error)
        }
    }

    /// The most that a run of the order may cost, with nothing in the cache; nil when a model has no price.
    ///
    /// It is the sum, over the requests that the run may make, of each step's prompt cap and the role's `max_tokens` at
    /// their prices. Throws when a role of the loop cannot be asked.
    public func mostItMayCost(_ order: RunOrder) throws -> Money? {
        let (loop, assignment) = try check(order, run: ULID(at: environment.time.now()))
        return try mostItMayCost(loop, assignment)
    }

    // MARK: - Before a run

    private func prepare(
        _ order: RunOrder, run: ULID, after left: UnfinishedRun?
    ) throws(RunError) -> (Loop, LoopEngine.Assignment) {
        var (loop, assignment) = try check(order, run: run)
        assignment.resumedAt = left?.position
        try begin()
        do throws(LedgerError) {
            guard let left else {
                var decided = order
                decided.brief = assignment.brief
                decided.take = .number(assignment.take)
                try ledger.beginRun(
                    run, session: id, loop: loop.name, brief: assignment.brief, seed: assignment.seed,
                    work: decided.saved)
                return (loop, assignment)
            }
            if try ledger.resume(left, session: id) { return (loop, assignment) }
        } catch {
            throw RunError(.storage, error.description)
        }
        throw RunError(.order, "another process goes on with the run already")
    }

    /// Whether the order makes sense and every role that it needs can be asked.
    func check(_ order: RunOrder, run: ULID) throws(RunError) -> (Loop, LoopEngine.Assignment) {
        let library = try library()
        guard let loop = library.loop(named: order.loop) else {
            let known = library.loops.map(\.name).joined(separator: ", ")
            throw RunError(.order, "there is no loop called \(order.loop.visible()); there are: \(known)")
        }
        let count = order.count ?? loop.count
        guard count.map({ Loop.countRange.contains($0) }) ?? true else {
            let range = "\(Loop.countRange.lowerBound) to \(Loop.countRange.upperBound)"
            throw RunError(.order, "\(count ?? 0) scenes cannot be ordered: a run plans \(range)")
        }
        if case .number(let take) = order.take, take < 1 {
            throw RunError(.order, "takes count from 1, not from \(take)")
        }
        var assignment = LoopEngine.Assignment(
            session: id, run: run, brief: order.brief ?? workspace.info.brief, count: count, seed: order.seed,
            take: 1, isFresh: order.isFresh, role: order.role, inputs: order.inputs, jobs: order.jobs,
            flags: order.flags,
            pausesAtLimits: order.pausesAtLimits && waitsAtLimits)
        let steps = loop.steps.filter { order.role == nil || $0.role == order.role }
        guard (1...Loop.countRange.upperBound).contains(order.jobs) else {
            throw RunError(
                .order, "\(order.jobs) requests at once cannot be made: 1 to \(Loop.countRange.upperBound) can")
        }
        guard !steps.isEmpty else {
            throw RunError(.order, "\(order.role?.rawValue ?? "nobody") has no step in \(loop.name)")
        }
        let dormant = Set(loop.parts.filter { !$0.roles.allSatisfy(showrunner.isActive) }.map(\.loop))
        for role in Set(steps.filter { !dormant.contains($0.loop) }.flatMap { [$0.role] + $0.consulted }) {
            _ = try showrunner.role(role).candidates(.text([], wantsJSON: false), flags: order.flags)
        }
        for step in steps where !dormant.contains(step.loop) {
            guard let question = step.action?.question else { continue }
            _ = try showrunner.role(step.role).candidates(question, flags: order.flags)
        }
        switch order.take {
        case .number(let take): assignment.take = take
        case .next:
            var engine = engine(loop, assignment, library, Steering(loop, assignment, ledger: ledger))
            assignment.take = try engine.firstFreeTake()
        }
        return (loop, assignment)
    }

    /// The most that a run's step may cost when it is done again, nothing of it being in the cache; nil when a model has
    /// no price.
    package func mostRedoMayCost(of run: ULID, step index: Int) throws -> Money? {
        guard let work = try ledger.work(ofRun: run) else { throw RunError.nothingRuns }
        let (loop, assignment) = try check(try RunOrder(saved: work), run: run)
        guard loop.steps.indices.contains(index) else { return .zero }
        return try mostItMayCost(loop, assignment, only: loop.steps[index].path)
    }

    func mostItMayCost(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, only path: String? = nil
    ) throws(RunError) -> Money? {
        let library = try library()
        let engine = engine(loop, assignment, library, Steering(loop, assignment, ledger: ledger))
        var sum: Money? = .zero
        for (step, count) in try engine.mostRequests() where path == nil || step.path == path {
            let prompt = String(repeating: "x", count: step.promptCap)
            let messages = [Message(.system, ""), Message(.user, prompt)]
            let repair = String(repeating: "x", count: Prompt.repairCap)
            let repaired = messages + [Message(.assistant, repair), Message(.user, "")]
            let own = [(step.role, messages, count), (step.role, repaired, count)]
            for (role, messages, count) in step.consulted.map({ ($0, messages, 1) }) + own {
                let call = try showrunner.role(role).candidates(
                    .text(messages, wantsJSON: false), flags: assignment.flags
                ).call
                sum = sum.flatMap { sum in generator.worstCase(of: call).map { sum + $0 * count } }
            }
            if let question = step.action?.question {
                let call = try showrunner.role(step.role).candidates(question, flags: assignment.flags).call
                sum = sum.flatMap { sum in generator.worstCase(of: call).map { sum + $0 * ActionName.mostMedia } }
            }
        }
        return sum
    }

    // MARK: - A run

    private func perform(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, _ steering: Steering
    ) async -> RunError? {
        let emit = emitter
        emit(
            .runStarted(
                run: assignment.run, loop: loop.name, steps: loop.steps.map(\.name), brief: assignment.brief,
                seed: assignment.seed, mostItMayCost: (try? mostItMayCost(loop, assignment)) ?? nil))
        if let estimate = try? costEstimate(loop, assignment) {
            lastEstimate = estimate
            if let likely = estimate.likely {
                emit(.runEstimated(run: assignment.run, likely: likely, basis: estimate.basis))
            }
        }
        if assignment.take > 1 { emit(.notice(isError: false, text: "this is take \(assignment.take)")) }
        async let _: Void = takeControls(steering)
        let error = await finish(loop, assignment, steering)
        let state = error?.state ?? .done
        do {
            try ledger.endRun(assignment.run, state: state)
        } catch {
            emit(.notice(isError: true, text: "the run's end could not be recorded: \(error)"))
        }
        // Whoever looks because the run has ended sees what it has stored.
        knownState = nil
        emit(.runFinished(run: assignment.run, loop: loop.name, state: state, message: error?.message))
        return error
    }

    private func finish(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, _ steering: Steering
    ) async -> RunError? {
        do throws(RunError) {
            var engine = engine(loop, assignment, try library(), steering)
            try await engine.run()
            return nil
        } catch {
            return error
        }
    }

    func engine(
        _ loop: Loop, _ assignment: LoopEngine.Assignment, _ library: Library, _ steering: Steering
    ) -> LoopEngine {
        let emit = emitter
        return LoopEngine(
            loop: loop, library: library, assignment: assignment, showrunner: showrunner,
            desk: ArtifactDesk(
                store: store, info: workspace.info, time: environment.time, media: MediaFolder(workspace),
                bin: bin, root: workspace.root),
            time: environment.time,
            ask: { [generator, requests] request throws(GenerationError) in
                requests.note(request)
                return try await generator.generate(request, events: emit)
            }, emit: emit, remembered: { [cache] key in (try? cache.answer(key))?.answer },
            // Without an answer the run goes on at the limit's own time.
            limitsVersion: { [limiter] in (try? limiter.changeCount()) ?? 0 },
            steering: steering,
            part: Loop.Part(loop: loop.name, steps: loop.steps.indices))
    }

    /// Passes events on, notes in the ledger which step a run has come to, and does what the books ask for then.
    var emitter: @Sendable (SessionEvent) -> Void {
        { [hub, ledger, bookkeeping] event in
            if case .stepStarted(let run, let index, let step, _) = event {
                // Only tells where the run is; the step itself has its own rows.
                try? ledger.moveRun(run, to: step, index: index)
            }
            hub.emit(event)
            bookkeeping.follow(event)
        }
    }

    private func report(
        _ assignment: LoopEngine.Assignment, loop: String, state: RunState, since started: Moment, error: RunError?
    ) -> RunReport {
        let tally = hub.live.tally
        return RunReport(
            run: assignment.run, loop: loop, state: state, seed: assignment.seed, artifacts: tally.artifacts,
            requests: tally.requests, hits: tally.hits, shared: tally.shared, cost: tally.cost,
            savedCost: tally.savedCost, tokens: tally.tokens,
            durationSeconds: Double(environment.time.now().sinceBoot - started.sinceBoot) / 1e6, error: error,
            hasBegun: true, estimate: lastEstimate)
    }
}
