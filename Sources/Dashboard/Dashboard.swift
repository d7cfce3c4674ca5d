package import Core
import Foundation
package import Studio
import Terminal

/// The full-screen cockpit over a session: who writes with what, what the cache saves, what may still be asked for, and
/// what it costs.
///
/// It owns the terminal from ``run()`` on until that returns; then the terminal is what it was before, however it ended.
package struct Dashboard: Sendable {
    /// What the dashboard opens with.
    package enum Start: Sendable {
        case workspace(Session)
        /// There is no workspace: the dashboard offers to make one at that place, which may begin with `~`.
        case none(suggestedPlace: String)
    }

    /// Opens a file in the writer's editor, which has the terminal until it is closed.
    package typealias Edit = @Sendable (_ path: String) throws -> Void

    private let driver: (any StudioDriver)?
    private let suggestedPlace: String?
    private let makeWorkspace: EffectRunner.MakeWorkspace
    private let edit: Edit
    private let reopen: EffectRunner.Reopen
    private let settings: SettingsSource
    private let isReadOnly: Bool
    private let notices: [String]
    private let time: any TimeSource
    private let openDisplay: @Sendable (Preferences) throws -> any Display

    /// `makeWorkspace` makes a workspace in a folder, given by its absolute path, that writes with what is offered, and opens
    /// it. `reopen` opens the present one again, whose state was replaced. `edit` throws what the writer is told when the
    /// editor did not end well. `usesColor` false shows everything in the terminal's own two colours; nil asks
    /// `NO_COLOR`. `isReadOnly` leaves the keys out that change anything. `notices` are sentences for Activity that came
    /// up before, such as a configuration's warnings.
    package init(
        start: Start, makeWorkspace: @escaping @Sendable (String, ProviderScout.Offer) async throws -> Session,
        reopen: @escaping @Sendable (_ root: String) async throws -> Session, edit: @escaping Edit,
        settings: SettingsSource, usesColor: Bool? = nil, isReadOnly: Bool = false, notices: [String] = [],
        time: any TimeSource = SystemTime()
    ) {
        var session: Session?
        var place: String?
        switch start {
        case .workspace(let open): session = open
        case .none(let suggested): place = suggested
        }
        self.init(
            driver: session, suggestedPlace: place, makeWorkspace: { try await makeWorkspace($0, $1) },
            reopen: { try await reopen($0) }, edit: edit, settings: settings, isReadOnly: isReadOnly, notices: notices,
            time: time
        ) { preferences in
            var options = Screen.Options()
            if let usesColor { options.usesColor = usesColor }
            options.behaviour = preferences.behaviour
            return try Screen.open(theme: preferences.theme, options: options)
        }
    }

    init(
        driver: (any StudioDriver)?, suggestedPlace: String?, makeWorkspace: @escaping EffectRunner.MakeWorkspace,
        reopen: @escaping EffectRunner.Reopen, edit: @escaping Edit = { _ in }, settings: SettingsSource,
        isReadOnly: Bool = false, notices: [String] = [], time: any TimeSource,
        openDisplay: @escaping @Sendable (Preferences) throws -> any Display
    ) {
        self.driver = driver
        self.suggestedPlace = suggestedPlace
        self.makeWorkspace = makeWorkspace
        self.reopen = reopen
        self.edit = edit
        self.settings = settings
        self.isReadOnly = isReadOnly
        self.notices = notices
        self.time = time
        self.openDisplay = openDisplay
    }

    /// Shows the dashboard until it is left. A run under way is then cancelled cleanly and the session closed.
    ///
    /// Throws what the session's figures or the terminal could not be opened for (``TerminalError``); nothing has been
    /// changed on the terminal by then.
    package func run() async throws -> Ending {
        // Read at the same time: neither needs the other, and the writer waits for both.
        async let reading = driver?.status()
        let queue = EventQueue()
        for notice in notices { queue.push(.notice(notice)) }
        let follower = try SettingsFollower(source: settings, queue: queue, root: driver?.workspaceRoot)
        let status = try await reading
        let desk = Desk(driver)
        let runner = EffectRunner(
            desk: desk, queue: queue, makeWorkspace: makeWorkspace, reopen: reopen, themes: settings.shelf)
        async let following: Void = follow(desk, into: queue)
        // Ends with this function, whatever others do.
        async let _: Void = followElsewhere(desk, into: queue)
        async let _: Void = follower.follow(desk, roots: desk.roots)
        let result = await drive(runner, status: status, follower.preferences)
        await desk.close()
        await following
        return try result.get()
    }

    /// Runs the loop on a thread of its own and its effects beside it; returns when both are done.
    private func drive(
        _ runner: EffectRunner, status: Status?, _ preferences: Preferences
    ) async -> Result<Ending, any Error> {
        let (effects, wanted) = AsyncStream<Effect>.makeStream()
        async let ending = show(status, preferences, queue: runner.queue) {
            wanted.yield($0)
        } whenDone: {
            wanted.finish()
        }
        await withDiscardingTaskGroup { group in
            for await effect in effects { group.addTask { await runner.perform(effect) } }
            await runner.desk.driver?.cancel()
            // Nobody waits any more for what servers say of themselves.
            group.cancelAll()
        }
        return await ending
    }

    private func show(
        _ status: Status?, _ preferences: Preferences, queue: EventQueue, perform: @escaping @Sendable (Effect) -> Void,
        whenDone: @escaping @Sendable () -> Void
    ) async -> Result<Ending, any Error> {
        let (openDisplay, suggestedPlace, time, edit) = (openDisplay, suggestedPlace, time, edit)
        let isReadOnly = isReadOnly
        return await withCheckedContinuation { continuation in
            let thread = Thread {
                Self.unblockSignals()
                let result = Result { () throws -> Ending in
                    let display = try openDisplay(preferences)
                    defer { display.close() }
                    queue.onEvent(display.wake)
                    var state = DashboardState(
                        status: status, size: display.size, now: time.now().wall, glyphs: display.glyphs,
                        isReadOnly: isReadOnly)
                    state.adopt(preferences)
                    let first = state.start(suggestedPlace: suggestedPlace)
                    var loop = DashboardLoop(
                        state: state, display: display, queue: queue, time: time, edit: edit, perform: perform)
                    loop.adopt(preferences)
                    return loop.run(first)
                }
                whenDone()
                continuation.resume(returning: result)
            }
            thread.name = "dashboard"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// A thread begins with the signals blocked that its maker has blocked; the one that owns the terminal has to be
    /// able to stop for Ctrl-Z.
    private static func unblockSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    private func followElsewhere(_ desk: Desk, into queue: EventQueue) async {
        for await events in desk.streamsElsewhere {
            for await record in events { queue.push(.elsewhere(record)) }
        }
    }

    private func follow(_ desk: Desk, into queue: EventQueue) async {
        for await events in desk.streams {
            for await record in events { queue.push(.session(record)) }
        }
    }
}
