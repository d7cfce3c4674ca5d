public import Configuration
public import Core
public import Foundation
import Generation
public import Logging
import Metering
import Providers
import ResponseCache
public import Workspace

/// A workspace at work: runs loops, tells what happens, and knows every figure.
///
/// Opening and looking make no file; the ledger is made by the first run. A session is one process that may generate,
/// from its first run until ``close()``.
public actor Session {
    /// What a session takes from the machine it runs on.
    public struct Environment: Sendable {
        public var time: any TimeSource
        /// The environment variables that the configuration may name.
        public var variables: [String: String]
        /// What is told every stage of every request, in ids, names, counts, sizes, durations and amounts alone.
        public var logger: Logger
        /// Where it is kept what the workspace may send where; nil when the configuration alone says.
        public var trustFile: TrustFile?
        /// What machines share; nil where the configuration keeps nothing there.
        package var shared: SharedStores?

        public init(
            time: any TimeSource = SystemTime(), variables: [String: String] = ProcessInfo.processInfo.environment,
            logger: Logger = Logger(label: "questfoundry", factory: { _ in SwiftLogNoOpLogHandler() }),
            trustFile: TrustFile? = nil
        ) {
            self.time = time
            self.variables = variables
            self.logger = logger
            self.trustFile = trustFile
        }
    }

    public nonisolated let id: ULID
    public nonisolated let workspace: Workspace

    nonisolated let environment: Environment
    let live: LiveConfiguration
    nonisolated let hub: EventHub
    /// Where the project's artifacts, thematic units and snapshots are kept.
    public nonisolated let store: any StateStore
    let ledger: Ledger
    let cache: ResponseCache
    let limiter: RateLimiter
    let generator: Generator
    let showrunner: Showrunner
    let bookkeeping: Bookkeeping
    let inspector: ProviderInspector
    let healthBook = HealthBook()
    let requests = RequestBook()
    /// Whether a limit makes requests wait, and does not end their run.
    let waitsAtLimits: Bool
    /// The session's lock file; nil until it has begun to generate.
    private(set) var lock: SessionLock?
    /// How the state stood when somebody looked last; nil once it has changed since.
    var knownState: (standing: Status.State, at: Int64)? { didSet { stateLooks += 1 } }
    /// How often that was set, so that who looks for a while learns whether the state has changed meanwhile.
    private(set) var stateLooks = 0
    /// The limits as they were seen last.
    var lastStandings = Standings()
    /// What is under way and ends when it is cancelled.
    struct Work: Sendable {
        var cancel: @Sendable () -> Void
        /// Returns when it has ended.
        var end: @Sendable () async -> Void
    }

    /// What the newest run was expected to cost.
    var lastEstimate: CostEstimate?
    /// The run under way.
    var work: Work?
    /// What tells the run under way where to stand still, and more.
    var steering: Steering?
    /// The backup that is made beside the session's first run, when one is due.
    private var backup: Task<Void, Never>?

    /// Opens a workspace. Calls that a killed process left open are settled at their worst case, marked estimated.
    ///
    /// Throws when the live changes in `overrides.yml` cannot be read.
    public static func open(
        _ workspace: Workspace, configuration: Configuration, environment: Environment = Environment()
    ) throws(RunError) -> Session {
        if configuration.usesRedis, environment.shared == nil {
            throw RunError(
                .configuration,
                "state.backend or caching.backend is redis, which this program does not know: set both to file")
        }
        do {
            let live = try LiveConfiguration(configuration, workspace: workspace, variables: environment.variables)
            return Session(workspace, configuration: configuration, live: live, environment: environment)
        } catch {
            throw RunError(.configuration, error.message)
        }
    }

    private init(
        _ workspace: Workspace, configuration: Configuration, live: LiveConfiguration, environment: Environment
    ) {
        let time = environment.time
        self.workspace = workspace
        self.environment = environment
        self.live = live
        id = ULID(at: time.now())
        store =
            environment.shared?.state
            ?? workspace.store(configuration.state.backend, time: time, environment: environment.variables)
        ledger = Ledger(path: workspace.paths.ledger, time: time)
        hub = EventHub(session: id, time: time, ledger: ledger, publish: environment.shared?.publish)
        cache =
            environment.shared?.cache.map { ResponseCache(configuration.caching, store: $0, time: time) }
            ?? ResponseCache(configuration.caching, workspaceRoot: workspace.root, time: time)
        limiter = RateLimiter(
            ledger: ledger, settings: configuration.rateLimiting, shared: environment.shared?.levels
        ) { session in
            SessionLock.isHeld(by: session, folder: workspace.paths.run)
        }
        let pool = Self.pool(of: live.current, time: time, variables: environment.variables)
        inspector = ProviderInspector(pool: pool, variables: environment.variables)
        var logger = environment.logger
        logger[metadataKey: "session"] = "\(id)"
        generator = Generator(
            cache: cache, limiter: limiter, ledger: ledger, prices: configuration.rateLimiting, time: time,
            retry: RetryRule(configuration.retry, patienceSeconds: configuration.rateLimiting.maxWaitSeconds),
            logger: logger
        ) { call, role throws(ConfigurationError) in try pool.prepare(call, for: role) }
        showrunner = Showrunner(live)
        bookkeeping = Bookkeeping(
            alerts: BudgetAlerts(ledger: ledger, settings: configuration.rateLimiting),
            sums: DailySums(
                ledger: ledger, settings: configuration.rateLimiting, keepRowsDays: configuration.costs.keepRowsDays,
                intervalSeconds: configuration.caching.cleanupIntervalSeconds),
            hub: hub, logger: logger, locks: workspace.paths.run)
        waitsAtLimits = configuration.rateLimiting.onLimit == .wait
        environment.shared?.watch { [hub] health in
            hub.emit(.notice(isError: health.absence != nil, text: health.notice))
        }
        // What keeps this from being written is told by whoever reads the figures or runs something next.
        _ = try? Self.settleAbandoned(ledger, workspace)
    }

    /// The providers of a configuration, as it is when one is asked first.
    static func pool(
        of configuration: @escaping @Sendable () throws(ConfigurationError) -> Configuration, time: any TimeSource,
        variables: [String: String]
    ) -> ProviderPool {
        ProviderPool(
            time: time,
            owner: { name, kind, role in (try? configuration())?.owner(of: name, kind: kind, for: role) },
            resolve: { name, kind, role throws(ConfigurationError) in
                try configuration().resolveProvider(name, kind: kind, for: role, environment: variables)
            })
    }

    /// Every event from now on, until the session is closed or the stream is dropped.
    public nonisolated func events() -> AsyncStream<SessionEventRecord> { hub.stream() }

    /// Ends the run under way cleanly; a call that was sent is charged. Does nothing when there is none.
    public func cancel() {
        work?.cancel()
        backup?.cancel()
    }

    /// Cancels the run under way, waits for its end and for a backup under way, writes what is still to be written and
    /// ends all streams of events.
    public func close() async {
        work?.cancel()
        await work?.end()
        await backup?.value
        if lock != nil {
            // A session without its end counts as ended when its lock is free.
            try? ledger.endSession(id)
        }
        cache.close()
        // The last events are told before.
        hub.close()
        environment.shared?.close()
        lock = nil
    }

    /// From now on this process may generate: others see its lock, and its events go into the journal.
    func begin() throws(RunError) {
        guard lock == nil else { return }
        // Nobody replaces the workspace's state while a session begins, or runs.
        let taken = try workspace.exclusively { () throws(RunError) in
            try SessionLock(session: id, folder: workspace.paths.run)
        } orThrow: {
            RunError(.storage, $0.message)
        }
        do {
            try Self.settleAbandoned(ledger, workspace)
            try ledger.beginSession(id, processID: getpid())
        } catch {
            throw RunError(.storage, error.description)
        }
        lock = taken
        hub.startJournal()
        // Events tell of the past; one that cannot be removed now is removed by the next session.
        try? ledger.forgetJournals(keeping: max(1, ((try? live.current().state) ?? StateSettings()).keepSessions))
        backup = Task { await backUpWhenDue() }
        // What cannot be removed now is the next time.
        try? bin.purge()
    }

    /// Makes the backup that `backup_interval_hours` asks for. Requests do not wait for it; artifacts that come meanwhile do.
    private func backUpWhenDue() async {
        do throws(WorkspaceError) {
            let settings = (try? live.current().state) ?? StateSettings()
            _ = try await Backups(workspace, settings: settings, time: environment.time).takeIfDue()
        } catch {
            guard error.code != .cancelled else { return }
            hub.emit(.notice(isError: true, text: "the backup that was due could not be made: \(error.message)"))
        }
    }

    private static func settleAbandoned(_ ledger: Ledger, _ workspace: Workspace) throws(LedgerError) {
        try ledger.settleAbandoned { SessionLock.isHeld(by: $0, folder: workspace.paths.run) }
    }
}
