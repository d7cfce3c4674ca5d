import Core
import Metering
import Studio
import Terminal

/// One request whole: who asked whom and with what settings, how it went, what it cost, the answer and the prompt.
struct RequestLines {
    private let context: PaneContext
    private let card: RequestCard

    /// The longest texts that are shown here.
    private static let longest = 100_000

    init(_ context: PaneContext, _ card: RequestCard) { (self.context, self.card) = (context, card) }

    /// Columns from which on the texts stand beside the facts.
    private static let wide = 150

    private var isWide: Bool { context.size.width >= Self.wide && context.state.searchHere == nil }
    private var width: Int { isWide ? (context.size.width - 3) * 2 / 5 : min(context.size.width, 100) }
    private var textWidth: Int { isWide ? context.size.width - width - 4 : width }

    var lines: [Line] {
        var facts = FactLines(width: width)
        addRequest(&facts)
        addCourse(&facts)
        addTokens(&facts)
        var texts = FactLines(width: textWidth)
        addAnswer(&texts)
        addPrompt(&texts)
        guard isWide else { return facts.lines + [Line()] + texts.lines }
        return facts.lines.beside(texts.lines, at: width + 3, glyphs: context.glyphs)
    }

    // MARK: Parts

    private func addRequest(_ facts: inout FactLines) {
        facts.begin("Request")
        let line = card.lines.first
        let origin = card.asked?.origin
        facts.add("role", origin?.role.rawValue ?? line?.role ?? started?.role.rawValue ?? "")
        facts.add(
            "step", [origin?.loop ?? line?.loop ?? "", step].filter { !$0.isEmpty }.joined(separator: context.dot))
        facts.add("provider", card.asked?.call.provider ?? started?.provider ?? line?.provider ?? "")
        facts.add("model", card.asked?.call.model ?? started?.model ?? line?.model ?? "")
        facts.add("settings", settings)
        facts.add("id", card.request.description, .muted)
    }

    private var step: String {
        let note = card.asked?.isConsultation == true || started?.isConsultation == true ? " (a note)" : ""
        let name = card.asked?.origin.step ?? card.lines.first?.step ?? started?.step ?? ""
        return name.isEmpty ? "" : name + note
    }

    private var started: (role: RoleName, provider: String, model: String, step: String, isConsultation: Bool)? {
        for record in card.events {
            if case .requestStarted(_, let role, let provider, let model, let step, let isConsultation) = record.event {
                return (role, provider, model, step, isConsultation)
            }
        }
        return nil
    }

    private var settings: String {
        guard case .text(let call)? = card.asked?.call else { return "" }
        var parts = ["max_tokens \(call.maxTokens)"]
        for (name, value) in [
            ("temperature", call.temperature), ("top_p", call.topP), ("frequency_penalty", call.frequencyPenalty),
            ("presence_penalty", call.presencePenalty),
        ] {
            if let value { parts.append("\(name) \(value)") }
        }
        if let topK = call.topK { parts.append("top_k \(topK)") }
        if let seed = call.takeSeed { parts.append("seed \(seed)") }
        if !call.stop.isEmpty { parts.append("stop \(call.stop.count)") }
        if call.take > 1 { parts.append("take \(call.take)") }
        if call.wantsJSON { parts.append("JSON") }
        if card.asked?.isFresh == true { parts.append("fresh: the cache was not asked") }
        return parts.joined(separator: context.dot)
    }

    private func addCourse(_ facts: inout FactLines) {
        guard let first = card.events.first else { return }
        facts.begin("Course")
        for record in card.events {
            guard let (text, tone) = Self.words(record, dot: context.dot) else { continue }
            let clock = Figures.clock(record.moment.wall, utcOffset: context.state.utcOffset, withSeconds: true)
            let offset = record.moment.wall - first.moment.wall
            let after = record == first ? "" : " +\(Figures.latency(Double(max(0, offset)) / 1_000))"
            facts.add(clock, text + after, tone)
        }
    }

    private static func words(_ record: SessionEventRecord, dot: String) -> (String, Tone?)? {
        let charged: (Money?) -> String = { $0.map { $0 > .zero ? ", charged $\(Figures.dollars($0))" : "" } ?? "" }
        switch record.event {
        case .requestStarted: return ("made", nil)
        case .requestWaiting(_, let limit, _): return ("waits: \(limit)", .warning)
        case .requestSent: return ("sent", nil)
        case .requestRetrying(_, let message, let until, let cost):
            let left = Figures.duration(until - record.moment.wall)
            return ("failed: \(message)\(charged(cost)); again in \(left)", .warning)
        case .requestFellBack(_, _, let provider, _, let message, let next, let model, let cost):
            return ("\(provider) gave up: \(message)\(charged(cost)); \(next) \(model) is asked", .warning)
        case .requestAnswered(_, let answer, _):
            let source =
                switch answer.source {
                case .provider: "answered by \(answer.provider)"
                case .cache: "answered from the cache, saved $\(Figures.dollars(answer.savedCost))"
                case .shared: "shared the answer of a request under way, saved $\(Figures.dollars(answer.savedCost))"
                }
            return (source, .good)
        case .requestFailed(_, _, let provider, let message, let cost):
            return ("\(provider) failed: \(message)\(charged(cost))", .bad)
        default: return nil
        }
    }

    /// What each try was billed.
    private func addTokens(_ facts: inout FactLines) {
        guard !card.lines.isEmpty else { return }
        facts.begin(card.lines.count == 1 ? "Bill" : "Bill, try by try")
        for line in card.lines {
            let usage = line.usage
            let tokens = [
                (usage.inputTokens, "in"), (usage.cachedInputTokens, "from the provider's cache"),
                (usage.cacheWriteTokens + usage.cacheWriteHourTokens, "into the provider's cache"),
                (usage.outputTokens, "out"), (usage.reasoningTokens, "of them reasoning"), (usage.images, "images"),
                (usage.characters, "characters"),
            ].filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }
            facts.add(line.outcome, tokens.isEmpty ? "no tokens were billed" : tokens.joined(separator: context.dot))
            let cost = Figures.price(line.cost) + (line.isEstimated ? " estimated" : "")
            facts.add(
                "cost", line.savedCost > .zero ? "\(cost), saved $\(Figures.dollars(line.savedCost))" : cost, .strong)
            facts.add("took", Figures.latency(Double(line.latencyMilliseconds)))
            let cause = line.missCause.map { " (\(Figures.words($0)))" } ?? ""
            facts.add("cache", line.lookup + cause)
        }
    }

    private func addAnswer(_ facts: inout FactLines) {
        for record in card.events.reversed() {
            guard case .requestAnswered(_, _, let text) = record.event else { continue }
            facts.begin("Answer")
            facts.add(
                ProseLines(glyphs: context.glyphs, width: textWidth).lines(
                    Prose.paragraphs(of: String(text.prefix(Self.longest)))))
            return
        }
    }

    private func addPrompt(_ facts: inout FactLines) {
        facts.begin("Prompt")
        guard let call = card.asked?.call else {
            facts.add(text: "Prompts are kept as long as the program runs that made them; this one is gone.", .muted)
            return
        }
        switch call {
        case .text(let call):
            for message in call.messages {
                facts.add(text: "\(message.author.rawValue):", .accent)
                facts.add(text: String(message.content.prefix(Self.longest)))
            }
        case .image(let call): facts.add(text: call.prompt)
        case .speech(let call): facts.add(text: call.text)
        }
    }
}
