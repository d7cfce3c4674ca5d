import Configuration
import Core
import Metering
import ResponseCache
import Workspace

extension Session {
    /// Every figure as it stands now. Reads only.
    ///
    /// The session is the one that runs something: this one, else that of another process; where none does, this one
    /// once it has begun to generate, else the one that began last. Throws what keeps the
    /// ledger from being read; a cache that cannot be counts as empty.
    public func status() async throws -> Status {
        let (known, looks) = (knownStanding, stateLooks)
        async let looked = known ?? look()
        let configuration = try live.current()
        let summary = try shownSession()
        let tracker = CostTracker(ledger: ledger, settings: configuration.rateLimiting)
        let tallies = try tracker.tallies(of: summary?.id)
        let totals = SessionTotals(tallies.session)
        let costs = try tracker.costs(sessionStartedAt: summary?.startedAt)
        let size = (try? cache.size()) ?? PruneResult(entries: 0, bytes: 0)
        let standings = try knownStandings()
        let rates = try summary.map { try tracker.rates(at: standings.budgets.map(\.scope), in: $0) } ?? [:]
        let paces = try tracker.paces()
        let now = environment.time.now().wall
        let standing = await looked
        if known == nil { note(standing, since: looks) }
        return Status(
            project: Status.Project(
                name: workspace.name, path: workspace.root, schemaVersion: workspace.schemaVersion,
                pendingMigrations: workspace.pendingMigrations),
            session: summary.map { state(of: $0, totals: totals) },
            roles: rows(configuration, totals: totals.roles),
            cache: Status.CacheState(
                isEnabled: configuration.caching.enabled, backend: configuration.caching.backend.rawValue,
                entries: size.entries, bytes: size.bytes, capBytes: configuration.caching.maxCacheSizeMB << 20,
                session: totals.lookups, today: tallies.today.lookups, all: tallies.all.lookups),
            state: standing, limits: standings.limits.map(Status.Limit.init),
            budgets: standings.budgets.map { budget in
                let alerts = configuration.rateLimiting.alerts(passedBy: budget.spent, of: budget.limit)
                return Status.Budget(budget, alert: alerts.last, rates: rates[budget.scope] ?? [], now: now)
            },
            costs: Status.Costs(
                session: totals.cost, today: costs.today, month: costs.month, all: costs.all, saved: costs.saved,
                estimatedPart: costs.estimated, burnPerHour: costs.burnPerHour),
            tallies: tallies, paces: paces,
            untrusted: configuration.untrusted(environment: live.variables), takenAt: now)
    }

    private func shownSession() throws -> SessionSummary? {
        if work == nil, let other = try sessionElsewhere() { return try ledger.session(other) }
        return try lock == nil ? ledger.lastSession() : ledger.session(id)
    }

    /// How the server that machines share stands; nil where there is none.
    package nonisolated var sharedHealth: SharedStores.Health? { environment.shared?.health() }

    /// The limits as they stand; while the server that has them is away, as they stood last.
    private func knownStandings() throws -> Standings {
        do throws(LedgerError) { lastStandings = try limiter.standings() } catch {
            guard error.code == .away else { throw error }
        }
        return lastStandings
    }

    private func state(of summary: SessionSummary, totals: SessionTotals) -> Status.SessionState {
        let isRunning = summary.id == id || SessionLock.isHeld(by: summary.id, folder: workspace.paths.run)
        return Status.SessionState(
            id: summary.id, isRunning: isRunning, isPaused: isRunning && summary.isHeld, loop: summary.loop,
            step: summary.step, state: summary.state, startedAt: summary.startedAt, cost: totals.cost,
            requests: totals.lookups.lookups)
    }

    private func rows(_ configuration: Configuration, totals: [RoleName: RoleTotals]) -> [Status.RoleRow] {
        let working = hub.live.roles
        return RoleName.allCases.flatMap { role in
            role.kinds.map { kind in
                let settings = configuration.settings(for: role, kind: kind)
                let standing = configuration.standing(of: settings.provider, kind: kind, for: role, in: live.variables)
                let model = settings.model ?? standing.model
                let problem =
                    standing.problem ?? (model == nil ? .init(state: .noModel, text: "no model: name one") : nil)
                let working = kind == .text ? working[role] : nil
                let isBusy = working == .writing || working == .waiting
                let owner = configuration.owner(of: settings.provider, kind: kind, for: role)
                let absence =
                    isBusy ? nil : healthBook.whyUnreachable(settings.provider, kind: kind, owner: owner)
                let own = kind == .text ? totals[role] ?? RoleTotals() : RoleTotals()
                return Status.RoleRow(
                    role: role, kind: kind, provider: settings.provider, model: model,
                    temperature: settings.temperature,
                    source: (settings.sources["provider"] ?? .default).rawValue,
                    isOverridden: settings.isOverridden,
                    state: problem?.state ?? absence.map { _ in .notReachable } ?? working ?? .idle,
                    problem: problem?.text ?? absence,
                    calls: own.lookups.lookups, hitRate: own.lookups.hitRate, cost: own.isUnpriced ? nil : own.cost)
            }
        }
    }
}

extension Status.Scope {
    fileprivate init(_ scope: LimitScope) { self = Status.Scope(rawValue: scope.kind) ?? .global }
}

extension LimitScope {
    fileprivate var nameOrNil: String? { name.isEmpty ? nil : name }
}

extension Status.Limit {
    fileprivate init(_ standing: LimitStanding) {
        self.init(
            scope: Status.Scope(standing.scope), name: standing.scope.nameOrNil, metric: standing.metric,
            period: standing.period, limit: standing.limit, capacity: standing.capacity,
            remaining: standing.remaining, reserved: standing.reserved, refillPerSecond: standing.refillPerSecond,
            fullAt: standing.fullAt, waiting: standing.waiting)
    }
}

extension Status.Budget {
    /// A budget and, from the rates at which the last minutes and the whole session have spent, when it runs out.
    fileprivate init(_ standing: BudgetStanding, alert: Double?, rates: [Money], now: Int64) {
        self.init(
            scope: Status.Scope(standing.scope), name: standing.scope.nameOrNil, period: standing.period,
            limit: standing.limit, spent: standing.spent, reserved: standing.reserved, resetsAt: standing.resetsAt,
            alert: alert)
        let forecast = BudgetForecast.of(
            remaining: remaining, rates: rates, now: now, resetsAt: standing.resetsAt)
        exhaustedEarliest = forecast?.earliest
        exhaustedLatest = forecast?.latest
    }
}
