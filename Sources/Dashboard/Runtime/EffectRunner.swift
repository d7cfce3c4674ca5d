import Core
import Foundation
import Metering
import ResponseCache
import Studio
import Synchronization
import Terminal
import Workspace

/// Has effects done by the session and brings what comes of them back as events.
struct EffectRunner: Sendable {
    typealias MakeWorkspace = @Sendable (String, ProviderScout.Offer) async throws -> any StudioDriver
    typealias Reopen = @Sendable (_ root: String) async throws -> any StudioDriver

    let desk: Desk
    let queue: EventQueue
    let makeWorkspace: MakeWorkspace
    /// Opens the workspace again after its state was replaced.
    let reopen: Reopen
    let themes: ThemeShelf
    var scout = ProviderScout(variables: ProcessInfo.processInfo.environment)

    func perform(_ effect: Effect) async {
        do {
            switch effect {
            case .checkPlace(let place):
                queue.push(.placeChecked(place, checkout: SourceCheckout.around(place.expandingHome)))
            case .listThemes: queue.push(.themes(themes.entries, folder: themes.folder))
            case .scoutProviders:
                queue.push(.offers(scout.keyed))
                if let ollama = await scout.ollama() { queue.push(.offers(scout.keyed + [ollama])) }
            case .makeWorkspace(let place, let offer):
                let driver = try await makeWorkspace(place.expandingHome, offer)
                desk.seat(driver)
                queue.push(.workspaceOpened(try await driver.status()))
            default:
                if let driver = desk.driver { try await perform(effect, with: driver) }
            }
        } catch {
            queue.push(.failed(Self.message(of: error)))
        }
    }

    private func perform(_ effect: Effect, with driver: any StudioDriver) async throws {
        switch effect {
        case .refreshStatus: queue.push(.status(try await driver.status()))
        case .price(let order):
            queue.push(.loops(try await driver.loops()))
            queue.push(.priced(order, try await driver.costEstimate(order.runOrder)))
        case .chooseLoop(let goal): queue.push(.loopChosen(try await driver.chooseLoop(for: goal)))
        case .undo: queue.push(.undone(try await driver.undo()))
        case .run(let order): queue.push(.runEnded(await driver.run(order.runOrder)))
        case .cancelRun: await driver.cancel()
        case .steer(let order, let session): try await driver.steer(order, in: session)
        case .priceRedo(let run, let index):
            queue.push(.redoPriced(try await driver.mostRedoMayCost(of: run, step: index)))
        case .listChoices(let role, let kind):
            queue.push(.choices(try await driver.providerChoices(for: role, kind: kind)))
        case .lookAt(let provider, let role, let kind):
            queue.push(.offered(role, kind, try await driver.offer(of: provider, for: role, kind: kind)))
        case .lookAround:
            try await driver.lookAtProvidersInUse()
            queue.push(.status(try await driver.status()))
        case .lookAgain(let provider, let role):
            _ = try await driver.lookAtProvider(provider, kind: .text, for: role)
            queue.push(.status(try await driver.status()))
        case .quote(let role, let kind, let provider, let model):
            for quote in try await driver.quotes(of: [model], on: provider, for: role, kind: kind) {
                queue.push(.quoted(role, kind, provider: provider, quote))
            }
        case .switchRole(let role, let kind, let provider, let model):
            try await driver.switchRole(role, kind: kind, to: provider, model: model)
        case .resetRole(let role): try await driver.resetRole(role)
        case .planPrune(let filter): queue.push(.prunePlanned(filter, try await driver.prunePlan(filter)))
        case .prune(let filter): _ = try await driver.prune(filter)
        case .changeLimit(let order): try await driver.changeLimit(order)
        case .planMigration(let version):
            queue.push(.migrationPlanned(try await driver.migrationPlan(to: version)))
        case .migrate(let version):
            let result = try await driver.migrate(to: version) { queue.push(.stateProgress($0)) }
            try await reseat(
                after: driver, saying: "The workspace has version \(result.to) now")
        case .backUp: queue.push(.backedUp(try await driver.backUp { queue.push(.stateProgress($0)) }))
        case .restore(let name):
            _ = try await driver.restore(name) { queue.push(.stateProgress($0)) }
            try await reseat(after: driver, saying: "\(name) is restored")
        case .trust:
            try await driver.trustConfiguration()
            queue.push(.status(try await driver.status()))
        case .tallyMonth: queue.push(.month(try await driver.monthTallies()))
        case .readEntry(let key): queue.push(.entryRead(key, try await driver.cachedAnswer(key)))
        case .listEntries:
            let entries = try await driver.cachedEntries(
                of: nil, sortedBy: .used, from: 0, atMost: DashboardState.mostEntries)
            queue.push(.entries(entries))
        case .listArtifacts, .readArtifact, .acceptTake, .deleteArtifact, .openEdit, .takeEdit:
            try await performOnArtifacts(effect, with: driver)
        case .readActivity(let wall):
            do { queue.push(.olderActivity(try await driver.events(upTo: wall, last: 200), upTo: wall)) } catch {
                // Nobody asks again for what cannot be read.
                queue.push(.olderActivity([], upTo: wall))
                throw error
            }
        case .inspect(let request):
            do { queue.push(.inspected(try await driver.card(of: request))) } catch {
                queue.push(.uninspected(request, Self.message(of: error)))
            }
        case .readBars(let length):
            let bars = try await driver.costBars(of: length, count: CostChart.count(length))
            queue.push(.costBars(length, bars))
        case .readShelves: queue.push(.shelves(try await driver.shelves()))
        case .readRole(let role, let kind): queue.push(.roleRead(try await driver.card(of: role, kind: kind)))
        case .reopen: queue.push(.status(try await openAgain(after: driver)))
        case .keepTheme(let name): try await driver.keepTheme(name)
        case .checkPlace, .scoutProviders, .makeWorkspace, .listThemes, .call, .redraw, .suspend, .edit, .copy, .quit:
            break
        }
    }

    private func performOnArtifacts(_ effect: Effect, with driver: any StudioDriver) async throws {
        switch effect {
        case .listArtifacts: queue.push(.artifacts(try await driver.artifactList()))
        case .readArtifact(let stop):
            do {
                queue.push(.artifactRead(stop, try await driver.shown(stop)))
            } catch {
                queue.push(.artifactUnread(stop, Self.message(of: error)))
            }
        case .acceptTake(let id):
            let others = try await driver.accept(id).takes.count - 1
            let words =
                others > 0 ? "counts now, and not its \(others) other\(others == 1 ? "" : "s")." : "is accepted."
            queue.push(.artifactChanged("\(id) \(words)"))
        case .deleteArtifact(let id):
            try await driver.delete([id])
            queue.push(.artifactChanged("\(id) is in the bin: artifacts undelete \(id) brings it back."))
        case .openEdit(let id): queue.push(.editOpened(try await driver.openEdit(id, isWhole: false)))
        case .takeEdit(let open, let problem): queue.push(try await result(of: open, problem, driver))
        default: break
        }
    }

    private func result(
        of open: OpenEdit, _ problem: String?, _ driver: any StudioDriver
    ) async throws -> DashboardEvent {
        if let problem { return .failed(problem + open.leave()) }
        let (before, after) = (open.edit.artifact, try await driver.take(open))
        let id = before.id
        return .artifactChanged(before == after ? "\(id) was not changed." : "\(id) is revision \(after.revision) now.")
    }

    private func reseat(after driver: any StudioDriver, saying text: String) async throws {
        queue.push(.stateReplaced(text, try await openAgain(after: driver)))
    }

    /// Opens the workspace again; its figures.
    private func openAgain(after driver: any StudioDriver) async throws -> Status {
        let next = try await reopen(driver.workspaceRoot)
        desk.seat(next)
        await driver.close()
        return try await next.status()
    }

    private static func message(of error: any Error) -> String {
        switch error {
        case let error as RunError: error.message
        case let error as WorkspaceError: error.message
        case let error as OpenEdit.Failure: error.message
        default: String(describing: error)
        }
    }
}

/// Where the session is that the dashboard drives: none until there is a workspace.
final class Desk: Sendable {
    private let seated: Mutex<(any StudioDriver)?>
    /// The events of the session that is seated, and of any that follows.
    let streams: AsyncStream<AsyncStream<SessionEventRecord>>
    private let streaming: AsyncStream<AsyncStream<SessionEventRecord>>.Continuation
    /// The same of the sessions of others.
    let streamsElsewhere: AsyncStream<AsyncStream<SessionEventRecord>>
    private let streamingElsewhere: AsyncStream<AsyncStream<SessionEventRecord>>.Continuation

    /// The folders of the workspaces that are opened, one after the other; nil is none.
    let roots: AsyncStream<String?>
    private let rooting: AsyncStream<String?>.Continuation

    init(_ driver: (any StudioDriver)?) {
        seated = Mutex(nil)
        (roots, rooting) = AsyncStream.makeStream()
        (streams, streaming) = AsyncStream.makeStream()
        (streamsElsewhere, streamingElsewhere) = AsyncStream.makeStream()
        if let driver { seat(driver) } else { rooting.yield(nil) }
    }

    var driver: (any StudioDriver)? { seated.withLock { $0 } }

    func seat(_ driver: any StudioDriver) {
        // Before anybody can run something, so that no event is missed.
        streaming.yield(driver.events())
        streamingElsewhere.yield(driver.eventsElsewhere())
        rooting.yield(driver.workspaceRoot)
        seated.withLock { $0 = driver }
    }

    /// Ends the session and with it its events.
    func close() async {
        await driver?.close()
        rooting.finish()
        streaming.finish()
    }
}

/// A place's source checkout.
enum SourceCheckout {
    /// The nearest folder at or above a path that has a `.git`; nil when there is none.
    static func around(_ path: String) -> String? {
        var folder = URL(filePath: path).standardizedFileURL
        while true {
            if FileManager.default.fileExists(atPath: folder.appending(path: ".git").path(percentEncoded: false)) {
                return folder.path(percentEncoded: false)
            }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            guard parent.pathComponents.count < folder.pathComponents.count else { return nil }
            folder = parent
        }
    }
}
