import Core
import ResponseCache
import Terminal

@testable import Dashboard
@testable import Metering
@testable import Studio
@testable import Workspace

extension Sample {
    /// A dialog as it stands after the keys and events that open it.
    struct OpenDialog: Sendable {
        var title: String
        var prepare: @Sendable (inout DashboardState) -> Void

        func state(_ size: Size) -> DashboardState {
            var state = DashboardState.sample(Sample.busy(), width: size.width, height: size.height)
            prepare(&state)
            return state
        }
    }

    static let choices = ProviderChoices(
        role: .showrunner, kind: .text, request: SampleRequest(inputTokens: 1_240, outputTokens: 812, calls: 14),
        all: [
            choice("embedded", "embedded", quote("embedded-1", "0", "0"), isCurrent: true),
            choice("local", "openai", quote("qwen3", nil, nil), host: "127.0.0.1:8080"),
            choice(
                "openai", "openai", quote("gpt-4o", "0.0000025", "0.00001"), host: "api.openai.com",
                key: "set (OPENAI_API_KEY)", latency: 9_400),
            choice("mistral", "openai", nil, problem: "no key: set MISTRAL_API_KEY"),
        ])

    private static func choice(
        _ name: String, _ type: String, _ model: ModelQuote?, host: String? = nil, key: String? = nil,
        problem: String? = nil, latency: Double? = nil, isCurrent: Bool = false
    ) -> ProviderChoice {
        ProviderChoice(
            name: name, type: type, host: host, model: model, configuredModels: model.map { [$0] } ?? [], key: key,
            isReady: problem == nil, problem: problem, latencyMilliseconds: latency, isCurrent: isCurrent)
    }

    static func quote(_ model: String, _ input: String?, _ output: String?) -> ModelQuote {
        let price = input.flatMap { input in
            output.map { Price(tokens: TokenPrices(input: dollars(input), output: dollars($0))) }
        }
        return ModelQuote(
            model: model, price: price,
            requestCost: price?.cost(of: Usage(inputTokens: 1_240, outputTokens: 812)))
    }

    /// What the server of a provider says.
    static func offer(of provider: String) -> ProviderOffer {
        var health = ProviderHealth(provider: provider, kind: .text, state: .good)
        guard provider == "openai" else {
            (health.state, health.problem) = (
                .notReachable, "local: nobody answers at 127.0.0.1:8080; start the server"
            )
            return ProviderOffer(health: health, quotes: [])
        }
        let quotes = [
            quote("gpt-4o-mini", "0.00000015", "0.0000006"), quote("gpt-4o", "0.0000025", "0.00001"),
            quote("o9-preview", nil, nil),
        ]
        (health.models, health.latencyMicroseconds) = (quotes.map(\.model), 240_000)
        return ProviderOffer(health: health, quotes: quotes)
    }

    /// A migration of the sample to a version.
    static func plan(to version: Int) -> MigrationPlan {
        MigrationPlan(
            from: 2, to: version,
            steps: [
                MigrationPlan.Step(
                    version: version, name: "revisions",
                    summary:
                        "Gives every artifact a revision and a content hash, and snapshots a place for what they hold.",
                    isDowngrade: version < 2, hotRecords: 412, coldRecords: 96, losses: ["what 3 snapshots hold"])
            ], bytes: 1_468_006)
    }

    static let backups = [
        backup("20261124T115000.000Z-manual", .manual, minutesAgo: 14, bytes: 1_468_006),
        backup("20261123T120000.000Z-scheduled", .scheduled, minutesAgo: 1_450, bytes: 1_398_101),
    ]

    private static func backup(
        _ name: String, _ reason: Backup.Reason, minutesAgo: Int64, bytes: Int
    ) -> Backup {
        var counts = StateCounts()
        (counts.hotArtifacts, counts.coldArtifacts) = (410, 96)
        return Backup(
            name: name, createdAt: noon - minutesAgo * 60_000_000, reason: reason, schemaVersion: 2,
            programVersion: "0.1.0", files: 512, bytes: bytes, counts: counts, listHash: "")
    }

    /// Opens the themes, the last of which is broken.
    private static func openThemes(_ state: inout DashboardState) {
        _ = state.press(.character("t"))
        _ = state.update(
            .themes(
                ThemeShelf(folder: "/nowhere").entries + [brokenTheme],
                folder: "/home/mara/.config/questfoundry/themes"))
    }

    static let brokenTheme = ThemeShelf.Entry(
        name: "mine", path: "/home/mara/.config/questfoundry/themes/mine.yml",
        problem: "/home/mara/.config/questfoundry/themes/mine.yml, line 3, column 5: unknown style `sidebar`")

    static let dialogs: [OpenDialog] = [
        OpenDialog(title: "generate") { state in
            let effects = state.press(.character("g"))
            if case .price(let order)? = effects.first { _ = state.update(.priced(order, .sample("0.42"))) }
        },
        OpenDialog(title: "generate, for a goal") { state in
            _ = state.press(.character("g"), .left, .backTab)
            _ = state.type("Tidy the scenes")
        },
        OpenDialog(title: "note") { state in
            state.fold(run)
            _ = state.press(.character("n"))
        },
        OpenDialog(title: "redo") { state in
            state.fold(run)
            _ = state.press(.character("r"))
            _ = state.update(.redoPriced(dollars("0.07")))
        },
        OpenDialog(title: "question") { state in
            let question = WriterQuestion(
                id: ulid(8), role: .plotwright, step: "create_topology",
                text: "Is the keeper alive when the story begins?",
                suggestions: ["Yes, and counting", "Long dead"])
            state.fold(run + [.questionAsked(run: ulid(1), question: question)])
        },
        OpenDialog(title: "what counts now") { state in
            state.status?.project.schemaVersion = 1
            state.status?.session = nil
            for index in state.status?.roles.indices ?? 0..<0 where state.status?.roles[index].role == .sceneSmith {
                state.status?.roles[index].source = "role"
            }
            _ = state.start(suggestedPlace: nil)
        },
        OpenDialog(title: "provider") { state in
            _ = state.press(.character("p"))
            _ = state.update(.choices(choices))
        },
        OpenDialog(title: "provider, with the server's models") { state in
            _ = state.press(.character("p"))
            _ = state.update(.choices(choices))
            for name in ["local", "openai"] { _ = state.update(.offered(.showrunner, .text, offer(of: name))) }
            _ = state.press(.down, .down)
        },
        OpenDialog(title: "provider, a model typed") { state in
            _ = state.press(.character("p"))
            _ = state.update(.choices(choices))
            _ = state.update(.offered(.showrunner, .text, offer(of: "openai")))
            _ = state.press(.down, .down, .tab)
            _ = state.type("GPT")
            _ = state.update(.quoted(.showrunner, .text, provider: "openai", quote("GPT", nil, nil)))
        },
        OpenDialog(title: "prune") { state in
            _ = state.press(.character("x"))
            _ = state.update(.prunePlanned(.expired, PruneResult(entries: 1_204, bytes: 3_565_158)))
        },
        OpenDialog(title: "prune, asked again") { state in
            _ = state.press(.character("x"))
            _ = state.update(.prunePlanned(.expired, PruneResult(entries: 1_204, bytes: 3_565_158)))
            _ = state.press(.enter)
        },
        OpenDialog(title: "migrate") { state in
            _ = state.press(.character("m"))
            _ = state.update(.migrationPlanned(plan(to: 1)))
        },
        OpenDialog(title: "migrate, asked again") { state in
            _ = state.press(.character("m"))
            _ = state.update(.migrationPlanned(plan(to: 1)))
            _ = state.press(.enter)
        },
        OpenDialog(title: "migrate, under way") { state in
            _ = state.press(.character("m"))
            _ = state.update(.migrationPlanned(plan(to: 1)))
            _ = state.press(.enter, .right, .enter)
            _ = state.update(.stateProgress(StateProgress(stage: .writing, done: 204, total: 412)))
        },
        OpenDialog(title: "backups") { state in _ = state.press(.character("b"), .down) },
        OpenDialog(title: "restore, asked again") { state in _ = state.press(.character("b"), .down, .enter) },
        OpenDialog(title: "budget") { state in _ = state.press(.character("+")) },
        OpenDialog(title: "quit") { state in
            state.fold(Array(run.prefix(2)))
            _ = state.press(.character("q"))
        },
        OpenDialog(title: "help") { state in _ = state.press(.character("?")) },
        OpenDialog(title: "command") { state in _ = state.press(.character(":")) },
        OpenDialog(title: "command, one that cannot be done now") { state in
            _ = state.press(.character(":"))
            _ = state.type("cancel")
        },
        OpenDialog(title: "theme") { state in
            openThemes(&state)
            _ = state.press(.down)
        },
        OpenDialog(title: "theme, a broken one") { state in
            openThemes(&state)
            _ = state.press(.end)
        },
        OpenDialog(title: "first run") { state in
            state.status = nil
            _ = state.start(suggestedPlace: "~/QuestFoundry/lantern")
            _ = state.update(.placeChecked("~/QuestFoundry/lantern", checkout: "/home/mara"))
        },
    ]
}
