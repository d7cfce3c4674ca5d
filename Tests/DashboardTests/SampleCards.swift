import Configuration
import Core

@testable import Dashboard
@testable import Metering
@testable import Studio
@testable import Workspace

extension Sample {
    /// What was spent in the last hours, or days.
    static func bars(_ length: CostBar.Length) -> [CostBar] {
        let count = CostChart.count(length)
        let span = (length == .hour ? 3_600 : 86_400) * second
        return (0..<count).map { index in
            let start = noon - noon % span - Int64(count - 1 - index) * span
            let shares = [0, 3, 5, 0, 8, 2, 12, 7]
            let cost = "\(0.03 * Double(shares[index % shares.count]) * (length == .hour ? 1 : 12))"
            var tally = tallies().today[1]
            tally.cost = dollars(cost)
            return CostBar(start: start, end: start + span, tallies: [tally])
        }
    }

    static let shelves = Shelves(
        snapshots: [
            Snapshot(
                id: "SNAP-2026-11-24", unit: "TU-2026-11-20-AB01", description: "promoted 12 artifacts",
                at: Moment(wall: noon, sinceBoot: 0))
        ],
        units: [
            ThematicUnit(id: "TU-2026-11-20-AB01", status: "cold-merged", at: Moment(wall: noon, sinceBoot: 0)),
            ThematicUnit(id: "TU-2026-11-24-CD02", status: "hot-proposed", at: Moment(wall: noon, sinceBoot: 0)),
        ])

    static func line(_ id: Int, outcome: String = "answered", source: String = "provider") -> LedgerLine {
        LedgerLine(
            id: Int64(id), time: noon - Int64(id) * 600 * second, session: ulid(9).description,
            run: ulid(1).description, request: ulid(3).description, loop: "story_spark", step: "draft_scenes",
            role: "scene_smith", provider: "openai", model: "gpt-4o", source: source,
            lookup: source == "cache" ? "hit" : "miss", missCause: source == "cache" ? nil : "new", outcome: outcome,
            usage: source == "cache"
                ? .zero : Usage(inputTokens: 1_000, cachedInputTokens: 200, outputTokens: 812, reasoningTokens: 96),
            cost: dollars("0.011"), isEstimated: false, savedCost: source == "cache" ? dollars("0.004") : .zero,
            savedTokens: 0, latencyMilliseconds: 9_400, sumOf: nil)
    }

    /// A request that failed once and was answered then.
    static let requestCard: RequestCard = {
        func record(_ offset: Int64, _ event: SessionEvent) -> SessionEventRecord {
            SessionEventRecord(
                session: ulid(9), moment: Moment(wall: noon + offset * 1_000, sinceBoot: 0), event: event)
        }
        let call = TextCall(
            provider: "openai", providerType: "openai", model: "gpt-4o",
            messages: [Message(.system, "You are the scene smith."), Message(.user, "Write the ferry scene.")],
            temperature: 0.8, maxTokens: 2_048, seed: 7, wantsJSON: true)
        let asked = AskedRequest(
            id: ulid(3),
            origin: RequestOrigin(
                session: ulid(9), run: ulid(1), loop: "story_spark", step: "draft_scenes", role: .sceneSmith),
            call: .text(call), isConsultation: false, isFresh: false)
        return RequestCard(
            request: ulid(3), asked: asked,
            events: [
                record(
                    0,
                    .requestStarted(
                        request: ulid(3), role: .sceneSmith, provider: "openai", model: "gpt-4o", step: "draft_scenes",
                        isConsultation: false)),
                record(12, .requestWaiting(request: ulid(3), limit: "openai requests_per_minute", until: nil)),
                record(900, .requestSent(request: ulid(3))),
                record(
                    1_900,
                    .requestRetrying(
                        request: ulid(3), message: "503 from openai", until: noon + 4 * second,
                        charged: dollars("0.001"))),
                record(11_300, .requestAnswered(request: ulid(3), record: Sample.record(), text: scene)),
            ], lines: [line(2, outcome: "failed"), line(1)])
    }()

    static func roleCard(_ role: RoleName, kind: ProviderKind = .text) -> RoleCard {
        RoleCard(
            role: role, kind: kind,
            settings: [
                SettingLine(["roles", role.rawValue, "provider"], "openai", source: "config.yml:12"),
                SettingLine(["roles", role.rawValue, "model"], "gpt-4o", source: "overrides.yml"),
                SettingLine(["roles", role.rawValue, "temperature"], "0.8", source: "config.yml:14"),
                SettingLine(["roles", role.rawValue, "max_tokens"], "2048", source: "default"),
                SettingLine(
                    ["providers", "text", "openai", "api_key"], "set (OPENAI_API_KEY)", source: "config.yml:4"),
            ], calls: [line(1), line(2, outcome: "failed"), line(3, source: "cache")], last: requestCard)
    }
}
