import Configuration
import Core
import Foundation
import Terminal

@testable import Dashboard
@testable import Metering
@testable import ResponseCache
@testable import Studio
@testable import Workspace

/// Noon of 24 November 2026, UTC.
let noon: Int64 = 1_795_521_600_000_000
let second: Int64 = 1_000_000

func dollars(_ text: String) -> Money { (try? Money(dollars: text)) ?? .zero }

func ulid(_ number: Int) -> ULID {
    let digits = String(number)
    return ULID(String(repeating: "0", count: 26 - digits.count) + digits) ?? ULID(at: Moment(wall: 0, sinceBoot: 0))
}

extension CostEstimate {
    /// What an order may cost at most; it likely costs a tenth of that.
    static func sample(_ most: String?) -> CostEstimate {
        let most = most.map(dollars)
        let likely = most.map { Money(picodollars: $0.picodollars / 10) }
        return CostEstimate(most: most, likely: likely, basis: .history)
    }
}

enum Sample {
    /// The figures of a workspace that nothing is configured in and nothing has happened in.
    static func fresh() -> Status {
        Status(
            project: Status.Project(
                name: "The Lantern Archive", path: "/home/mara/lantern", schemaVersion: 2, pendingMigrations: 0),
            session: nil, roles: roles(),
            cache: Status.CacheState(
                isEnabled: true, backend: "sqlite", entries: 0, bytes: 0, capBytes: 500 << 20,
                session: LookupTotals(), today: LookupTotals(), all: LookupTotals()),
            state: Status.State(backend: "file", schemaVersion: 2, newestVersion: 2), limits: [], budgets: [],
            costs: Status.Costs(
                session: .zero, today: .zero, month: .zero, all: .zero, saved: .zero, estimatedPart: .zero,
                burnPerHour: nil),
            tallies: Tallies(), paces: [], takenAt: noon)
    }

    /// The figures of a workspace in the middle of its work.
    static func busy() -> Status {
        var status = fresh()
        status.roles = roles { row in
            switch row.role {
            case .sceneSmith:
                (row.provider, row.model, row.calls, row.hitRate) = ("openai", "gpt-4o", 14, 0.57)
                row.cost = dollars("0.31")
            case .gatekeeper:
                (row.provider, row.model, row.calls, row.hitRate) = ("ollama", "llama3", 6, 0.83)
                (row.temperature, row.state, row.problem) = (0.2, .noModel, "no model: write model under ollama")
            case .plotwright:
                (row.provider, row.model, row.calls, row.hitRate) = ("anthropic", "sonnet", 3, 0)
                (row.isOverridden, row.source, row.cost) = (true, "override", dollars("0.0213"))
            case .loreWeaver:
                (row.provider, row.model, row.state) = ("mistral", nil, .noKey)
                row.problem = "no key: set MISTRAL_API_KEY"
            default: break
            }
        }
        status.cache = cache()
        status.state = Status.State(
            backend: "file", schemaVersion: 2, newestVersion: 2, hotArtifacts: 412, coldArtifacts: 96, snapshots: 3,
            units: 4, backups: backups, latency: 2_400)
        status.limits = [
            limit(.global, nil, "minute", remaining: 82, capacity: 100, fullIn: nil),
            limit(.provider, "openai", "minute", remaining: 54, capacity: 90, fullIn: 24, waiting: 2),
            limit(.provider, "openai", "hour", remaining: 19_200, capacity: 90_000, fullIn: 1_200),
        ]
        status.budgets = [
            budget(
                nil, "day", limit: "5", spent: "4.11", resetsIn: 12 * 3_600, exhaustedIn: (3_600, 7_200), alert: 0.8),
            budget("openai", "day", limit: "8", spent: "0.31", resetsIn: 12 * 3_600),
        ]
        status.costs = Status.Costs(
            session: dollars("0.3313"), today: dollars("4.11"), month: dollars("31.7"), all: dollars("96.2"),
            saved: dollars("1.84"), estimatedPart: dollars("0.02"), burnPerHour: dollars("0.84"))
        status.tallies = tallies()
        status.paces = Pace.paces(of: [
            PaceSample(provider: "openai", model: "gpt-4o", latencyMilliseconds: 9_400, outputTokens: 812),
            PaceSample(provider: "anthropic", model: "sonnet", latencyMilliseconds: 14_200, outputTokens: nil),
        ])
        return status
    }

    static func roles(_ change: (inout Status.RoleRow) -> Void = { _ in }) -> [Status.RoleRow] {
        RoleName.allCases.flatMap { role in
            role.kinds.map { kind in
                var row = Status.RoleRow(
                    role: role, kind: kind, provider: kind == .text ? "embedded" : "none",
                    model: kind == .text ? "embedded-1" : nil, temperature: 0.8, source: "default",
                    isOverridden: false, state: .idle, problem: nil, calls: 0,
                    hitRate: nil, cost: .zero)
                if kind == .text { change(&row) }
                return row
            }
        }
    }

    static func cache() -> Status.CacheState {
        var figures = LookupTotals()
        (figures.hits, figures.bypassed, figures.shared) = (142, 2, 1)
        figures.causes = [
            "new": missed(80, "0.3", tokens: 180_000), "expired": missed(9, "0.02", tokens: 11_200),
            "changed": missed(2, "0.0042", tokens: 4_100),
        ]
        (figures.savedCost, figures.savedTokens) = (dollars("1.84"), 310_000)
        var today = figures
        today.hits = 100
        return Status.CacheState(
            isEnabled: true, backend: "sqlite", entries: 1_204, bytes: 38 << 20, capBytes: 500 << 20,
            session: figures, today: today, all: figures)
    }

    static func missed(_ count: Int, _ cost: String, tokens: Int) -> MissTotals {
        var missed = MissTotals()
        (missed.count, missed.tokens, missed.cost) = (count, tokens, dollars(cost))
        return missed
    }

    /// Rows of two roles and two models, the same at any time.
    static func tallies(provider: String = "openai", cause: String = "new") -> Tallies {
        let rows = [
            tally(.sceneSmith, provider, "gpt-4o", .hit, count: 82, saved: "1.62", tokens: 240_000),
            tally(.sceneSmith, provider, "gpt-4o", .miss, cause, count: 52, cost: "0.29", tokens: 140_000),
            tally(.sceneSmith, provider, "gpt-4o", .bypassed, count: 2, cost: "0.01", tokens: 5_000),
            tally(.gatekeeper, "ollama", "llama3", .hit, count: 60, saved: "0.22", tokens: 70_000),
            tally(.gatekeeper, "ollama", "llama3", .miss, "expired", count: 9, cost: "0", tokens: 11_200),
            tally(.plotwright, "anthropic", "sonnet", .miss, "changed", count: 30, cost: "0.0242", tokens: 44_100),
        ]
        var tallies = Tallies()
        (tallies.session, tallies.today, tallies.month, tallies.all) = (rows, rows, rows, rows)
        return tallies
    }

    private static func tally(
        _ role: RoleName, _ provider: String, _ model: String, _ lookup: Lookup, _ cause: String = "", count: Int,
        cost: String = "0", saved: String = "0", tokens: Int
    ) -> Tally {
        let isHit = lookup == .hit
        return Tally(
            provider: provider, model: model, role: role.rawValue, loop: "story_spark", lookup: lookup, cause: cause,
            count: count, unpriced: 0, inputTokens: isHit ? 0 : tokens / 2, cachedInputTokens: isHit ? 0 : tokens / 4,
            outputTokens: isHit ? 0 : tokens / 4, cost: dollars(cost), estimated: .zero, saved: dollars(saved),
            savedTokens: isHit ? tokens : 0)
    }

    static let entries: [CachedEntry] = (0..<30).map { index in
        let openings = ["The ferry bell rings twice.", #"{"hooks": [{"title": "A lantern that lies"}]}"#, "漢字 once"]
        return CachedEntry(
            key: "\(10 + index)" + String(repeating: "0", count: 62), provider: "openai",
            model: "gpt-4o", storedAt: noon - Int64(index) * 3_600 * second, usedAt: noon - Int64(index) * 60 * second,
            expiresAt: index == 3 ? noon - second : noon + 86_400 * second, isExpired: index == 3,
            size: 1_200 + index * 90,
            isDamaged: false, cost: index == 4 ? nil : dollars("0.00\(index + 10)"), opening: openings[index % 3])
    }

    static func limit(
        _ scope: Status.Scope, _ name: String?, _ period: String, remaining: Int, capacity: Int, fullIn: Int64?,
        waiting: Int = 0, refill: Double = 1
    ) -> Status.Limit {
        Status.Limit(
            scope: scope, name: name, metric: "requests", period: period, limit: capacity, capacity: capacity,
            remaining: remaining, reserved: 0, refillPerSecond: refill, fullAt: fullIn.map { noon + $0 * second },
            waiting: waiting)
    }

    static func budget(
        _ name: String?, _ period: String, limit: String, spent: String, resetsIn: Int64,
        exhaustedIn: (Int64, Int64)? = nil, alert: Double? = nil
    ) -> Status.Budget {
        Status.Budget(
            scope: name == nil ? .global : .provider, name: name, period: period, limit: dollars(limit),
            spent: dollars(spent), reserved: .zero, resetsAt: noon + resetsIn * second, alert: alert,
            exhaustedEarliest: exhaustedIn.map { noon + $0.0 * second },
            exhaustedLatest: exhaustedIn.map { noon + $0.1 * second })
    }

    /// Every view of every zoom: how often `v` is pressed for it.
    static let zooms: [(pane: Pane.ID, views: Int)] = [
        (.roles, 3), (.cache, 6), (.limits, 1), (.cost, 4), (.output, 3), (.activity, 1), (.state, 5), (.loop, 1),
    ].flatMap { pane, count in (0..<count).map { (pane, $0) } }

    static func zoom(
        _ pane: Pane.ID, views: Int, of status: Status = busy(), width: Int, height: Int
    ) -> DashboardState {
        let isFresh = status.cache.entries == 0
        var state = DashboardState.sample(status, width: width, height: height, events: isFresh ? [] : run)
        if !isFresh { _ = state.press(.down, .down, .down) }
        state.focus = pane
        _ = state.press(.enter)
        for _ in 0..<views { _ = state.press(.character("v")) }
        if isFresh { state.takeNothing() } else { state.takeEverything() }
        return state
    }

    /// What Enter opens at full size.
    static let opened: [OpenDialog] = [
        OpenDialog(title: "reader") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-1", shelf: .hot))
            _ = state.press(.end)
        },
        OpenDialog(title: "reader, the other take, bytes") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-1", shelf: .hot))
            _ = state.press(.character("]"), .character("v"))
        },
        OpenDialog(title: "reader, an answer that needs review") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-9", shelf: .hot))
        },
        OpenDialog(title: "reader, nothing there") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-3"))
        },
        OpenDialog(title: "find") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-1", shelf: .hot))
            _ = state.press(.character("/"))
            _ = state.type("FOG LETS")
            _ = state.press(.enter, .character("f"))
        },
        OpenDialog(title: "delete an artifact") { state in
            state.takeEverything()
            state.open(Reader.Stop(id: "SCENE-1", shelf: .hot))
            _ = state.press(.character("d"))
        },
        OpenDialog(title: "event") { state in
            state.fold(run)
            let line = state.activity.last { $0.request != nil }
            _ = line.map { state.inspect($0) }
            state.inspection?.line.request = requestCard.request
            _ = state.update(.inspected(requestCard))
        },
        OpenDialog(title: "event of an artifact") { state in
            state.fold(run)
            _ = state.press(.character("6"), .enter, .character("/"))
            _ = state.type("stored")
            _ = state.press(.enter, .enter)
        },
    ]

    static func record(
        _ role: RoleName = .sceneSmith, source: AnswerSource = .provider, cost: String? = "0.011"
    ) -> AnswerRecord {
        AnswerRecord(
            role: role, provider: "openai", model: "gpt-4o", source: source,
            usage: Usage(inputTokens: 1_200, outputTokens: 812), cost: cost.map(dollars), isEstimated: false,
            savedCost: source == .provider ? .zero : dollars("0.004"), latencyMilliseconds: 900)
    }

    static let steps = [
        "generate_hooks", "create_topology", "create_tu_brief", "create_section_briefs", "draft_scenes",
        "pre_gate_check",
    ]

    static let scene = """
        {"title": "The ferry bell", "text": "The ferry bell rings twice before the fog lets go of the pier. \
        Mara counts the lanterns: eleven, then twelve, then eleven again.\\n\\nNobody else counts.", \
        "choices": [{"label": "Count once more", "target": "s2"}, {"label": "Board the ferry", "target": "s3"}], \
        "sets": [], "ending": false}
        """

    /// A run in the middle of its fifth step, its scene half written.
    static let run: [SessionEvent] = [
        .runStarted(
            run: ulid(1), loop: "story_spark", steps: steps, brief: "", seed: 7, mostItMayCost: dollars("0.42")),
        .stepStarted(run: ulid(1), index: 0, step: "generate_hooks", role: .plotwright),
        .requestStarted(
            request: ulid(2), role: .plotwright, provider: "openai", model: "gpt-4o", step: "generate_hooks",
            isConsultation: false),
        .requestSent(request: ulid(2)),
        .requestAnswered(
            request: ulid(2), record: record(.plotwright, source: .cache),
            text: #"{"hooks":[{"title":"A lantern that lies","summary":"It burns only for those who left."}]}"#),
        .artifactStored(
            run: ulid(1),
            artifact: StoredArtifact(
                id: "HOOK-1", type: "hook_card", revision: 1, path: "hot/hooks/HOOK-1.json",
                title: "A lantern that lies")),
        .stepFinished(run: ulid(1), index: 0, step: "generate_hooks"),
        .stepStarted(run: ulid(1), index: 4, step: "draft_scenes", role: .sceneSmith),
        .stepProgress(run: ulid(1), index: 4, done: 1, of: 4),
        .requestStarted(
            request: ulid(3), role: .sceneSmith, provider: "openai", model: "gpt-4o", step: "draft_scenes",
            isConsultation: false),
        .requestSent(request: ulid(3)),
        .textDelta(request: ulid(3), text: String(scene.prefix(140))),
    ]
}

extension DashboardState {
    static func sample(
        _ status: Status? = Sample.fresh(), width: Int = 80, height: Int = 24, events: [SessionEvent] = []
    ) -> DashboardState {
        var state = DashboardState(status: status, size: Size(width: width, height: height), now: noon)
        state.fold(events)
        return state
    }

    /// Takes in all that the zooms read.
    mutating func takeEverything() {
        _ = update(.entries(Sample.entries))
        _ = update(.artifacts(Sample.artifacts))
        _ = update(.shelves(Sample.shelves))
        _ = update(.migrationPlanned(Sample.plan(to: 1)))
        for length in [CostBar.Length.hour, .day] { _ = update(.costBars(length, Sample.bars(length))) }
        if let row = selectedRole { _ = update(.roleRead(Sample.roleCard(row.role, kind: row.kind))) }
        for share in [0.9, 0.7, 0.4, 0.2, 0.6] {
            guard var status else { continue }
            status.takenAt += second
            status.limits[1].remaining = Int(share * 90)
            _ = update(.status(status))
        }
    }

    /// Takes in that there is nothing of all that.
    mutating func takeNothing() {
        _ = update(.entries([]))
        _ = update(.artifacts(ArtifactPage(summaries: [], total: 0, problems: [])))
        _ = update(.shelves(Shelves(snapshots: [], units: [])))
        _ = update(.olderActivity([], upTo: now))
        if let row = selectedRole {
            _ = update(.roleRead(RoleCard(role: row.role, kind: row.kind, settings: [], calls: [], last: nil)))
        }
    }

    /// Opens an artifact as if it was chosen in the list.
    mutating func open(_ stop: Reader.Stop) { answer(read(stop)) }

    /// Reads the artifacts that effects ask for.
    mutating func answer(_ effects: [Effect]) {
        for case .readArtifact(let stop) in effects {
            guard let shown = Sample.shown(stop) else {
                _ = update(.artifactUnread(stop, "there is no artifact \(stop.id)"))
                continue
            }
            _ = update(.artifactRead(stop, shown))
        }
    }

    /// One event a second.
    mutating func fold(_ events: [SessionEvent]) {
        for event in events {
            _ = update(.session(record(event)))
            _ = update(.time(wall: now + second, utcOffset: 0))
        }
    }

    func record(_ event: SessionEvent) -> SessionEventRecord {
        SessionEventRecord(session: ulid(9), moment: Moment(wall: now, sinceBoot: 0), event: event)
    }

    mutating func press(_ keys: Key...) -> [Effect] { keys.flatMap { update(.key($0)) } }

    mutating func type(_ text: String) -> [Effect] { text.flatMap { update(.key(.character($0))) } }

    var frame: [String] { canvas(theme: Theme()).lines }
    var screen: String { frame.joined(separator: "\n") }
}

extension SettingsSource {
    /// Where nothing is set, and nothing changes.
    static let sample = SettingsSource(shelf: ThemeShelf(folder: "/nowhere")) { _ in
        []
    } load: { _ in
        LoadedConfiguration(configuration: Configuration(), problems: [])
    }
}
