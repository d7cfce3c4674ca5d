import Core
import Metering
import Studio
import Terminal

/// How the dialog that switches providers writes what they cost and how they stand.
struct ProviderWords: Sendable {
    let role: RoleName
    let sample: SampleRequest?
    let glyphs: Glyphs

    private var most: String { glyphs == .ascii ? "<$" : "≤$" }

    // MARK: Rows

    func option(_ choice: ProviderChoice, _ offer: ProviderOffer?) -> Form.Option {
        let name = [choice.isCurrent ? choice.name + " *" : choice.name, choice.model?.model].compactMap(\.self)
        let isBad = [.noKey, .keyRefused, .notReachable, .failed, .misconfigured].contains(offer?.health.state)
        if let problem = choice.problem { return Form.Option(text: name[0], detail: problem, isProblem: true) }
        return Form.Option(
            text: name.joined(separator: " "), isProblem: isBad,
            figures: [
                latency(choice, offer) ?? "", choice.model.map { price($0.price) } ?? "",
                choice.model.map { cost($0) } ?? "", state(choice, offer),
            ])
    }

    func option(_ quote: ModelQuote, isCurrent: Bool) -> Form.Option {
        Form.Option(text: quote.model + (isCurrent ? " *" : ""), figures: [price(quote.price), cost(quote)])
    }

    private func state(_ choice: ProviderChoice, _ offer: ProviderOffer?) -> String {
        guard choice.host != nil else { return "ready" }
        switch offer?.health.state {
        case nil: return "looking"
        case .good, .unknown:
            guard let model = choice.model?.model else { return "no model" }
            return offer?.health.has(model) == false ? "unlisted" : "ready"
        case .noKey: return "no key"
        case .keyRefused: return "bad key"
        case .notReachable: return "no answer"
        case .failed, .misconfigured: return "failed"
        }
    }

    /// How long a call took of late; before the first, how long the server took to begin to answer.
    private func latency(_ choice: ProviderChoice, _ offer: ProviderOffer?) -> String? {
        let answer = offer?.health.latencyMicroseconds.map { Double($0) / 1_000 }
        return (choice.latencyMilliseconds ?? (choice.host == nil ? nil : answer)).map(Figures.latency)
    }

    private func price(_ price: Price?) -> String {
        guard let price else { return "?" }
        if price == .free { return "free" }
        if price.image > .zero { return "$\(Figures.dollars(price.image)) each" }
        if price.character > .zero { return "$\(Figures.dollars(price.character * 1_000_000)) letters" }
        return
            "$\(Figures.dollars(price.tokens.input * 1_000_000))/$\(Figures.dollars(price.tokens.output * 1_000_000))"
    }

    private func cost(_ quote: ModelQuote) -> String {
        guard let cost = quote.requestCost else { return "?" }
        guard cost > .zero else { return "$0" }
        return (sample?.calls == 0 ? most : "~$") + Figures.dollars(cost)
    }

    // MARK: Sentences

    /// What is known of a provider, where it is and how it stands.
    func notes(on choice: ProviderChoice, _ offer: ProviderOffer?) -> [DialogNote] {
        var notes: [DialogNote] = []
        if let problem = choice.problem ?? offer?.health.problem { notes.append(DialogNote(problem, .bad)) }
        let type = choice.type == choice.name ? "" : " (\(choice.type))"
        let place = choice.host.map { " at \($0)" } ?? (choice.type == "embedded" ? " in this program" : "")
        let facts = [choice.key.map { "key \($0)" }, answer(offer?.health)].compactMap(\.self)
        notes.append(DialogNote(([choice.name + type + place] + facts).joined(separator: ", ") + ".", .muted))
        if let error = choice.lastError { notes.append(DialogNote("Its last request failed: \(error)", .warning)) }
        return notes
    }

    /// What a model costs that was typed.
    func note(on quote: ModelQuote) -> DialogNote {
        let price = price(quote.price)
        let known = price == "?" ? "no price is known" : price == "free" ? price : "\(price) per M tokens"
        return DialogNote("\(quote.model): \(known), a request \(cost(quote)).", .muted)
    }

    private func answer(_ health: ProviderHealth?) -> String? {
        guard let health, let latency = health.latencyMicroseconds, health.state == .good else { return nil }
        let list = health.models.map { "lists \(Figures.count($0.count)) \($0.count == 1 ? "model" : "models")" }
        return "answers in \(Figures.latency(Double(latency) / 1_000)), \(list ?? "lists no models")"
    }

    /// What the column of requests is about.
    var request: String {
        guard let request = sample else { return "" }
        let size = "\(Figures.compact(request.inputTokens)) tokens in, \(Figures.compact(request.outputTokens)) out"
        guard request.inputTokens > 0 else {
            return "Request: \(role.rawValue) made none yet; its max_tokens, \(Figures.compact(request.outputTokens))."
        }
        guard request.calls > 0 else { return "Request: the most that one of \(role.rawValue) takes, \(size)." }
        let calls = request.calls == 1 ? "its last call" : "the mean of its last \(request.calls) calls"
        return "Request: \(size), \(calls)."
    }
}
