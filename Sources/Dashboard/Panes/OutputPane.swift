import Core
import Studio
import Terminal

extension Pane.ID {
    static let output: Pane.ID = "output"
}

extension Pane {
    /// The text as it is written, and what was written before.
    static let output = Pane(
        id: .output, key: "5", title: "Output", shape: .reading, motion: .followsEnd, minimumWidth: 40,
        content: { OutputPane(context: $0).content })
}

private struct OutputPane {
    var context: PaneContext

    var content: PaneContent {
        let entries = context.state.output
        guard let last = entries.last else { return PaneContent(lines: emptiness, isExplanation: true) }
        var lines: [Line] = []
        for entry in entries {
            if !lines.isEmpty { lines.append(Line()) }
            lines += heading(entry)
            lines += entry.lines(width: context.size.width) { text(entry) }
            lines += entry.stored.flatMap(stored)
        }
        return PaneContent(subject: "\(last.role.rawValue)\(context.dot)\(last.step)", lines: lines)
    }

    private func heading(_ entry: OutputEntry) -> [Line] {
        let who = [
            Span(entry.role.rawValue, .accent),
            Span("\(context.dot)\(entry.step)\(entry.isConsultation ? "\(context.dot)note" : "")", .muted),
        ]
        return [Line(who, trailing: standing(entry))]
    }

    private func standing(_ entry: OutputEntry) -> [Span] {
        switch entry.standing {
        case .streaming:
            guard let limit = context.state.requests[entry.request]?.waitsFor else {
                return [Span("unconfirmed", .warning)]
            }
            return [Span("waits: \(limit)", .warning)]
        case .confirmed(.provider): return [Span(context.glyphs.success, .good)]
        case .confirmed(.cache): return [Span("\(context.glyphs.success) cache", .good)]
        case .confirmed(.shared): return [Span("\(context.glyphs.success) shared", .good)]
        case .failed: return [Span("\(context.glyphs.failure) not stored", .bad)]
        }
    }

    private func text(_ entry: OutputEntry) -> [Line] {
        // Until its ledger row is durable the text may still come to nothing.
        let tone: Tone? = entry.standing == .streaming ? .muted : nil
        var lines = entry.paragraphs.flatMap { paragraph($0, tone: tone) }
        if entry.standing == .streaming {
            if lines.isEmpty { lines.append(Line()) }
            lines[lines.count - 1].spans.append(Span(context.glyphs.cursor, .accent))
        }
        if case .failed(let message) = entry.standing {
            lines += Wrapping.lines(message, width: context.size.width).map { Line($0, .bad) }
        }
        return lines
    }

    private func paragraph(_ paragraph: Prose.Paragraph, tone: Tone?) -> [Line] {
        let indent = String(repeating: "  ", count: min(paragraph.depth, 4))
        let mark = paragraph.kind == .choice ? "\(context.glyphs.arrow) " : ""
        let style: Tone? =
            switch paragraph.kind {
            case .heading: .strong
            case .choice: .accent
            case .detail, .text: tone
            }
        let width = max(1, context.size.width - indent.count - mark.count - 1)
        return Wrapping.lines(paragraph.text, width: width).enumerated().map { index, line in
            let lead = indent + (index == 0 ? mark : String(repeating: " ", count: mark.count))
            return Line([Span(lead, style), Span(line, style)])
        }
    }

    private func stored(_ artifact: StoredArtifact) -> [Line] {
        let what = "\(context.glyphs.success) \(artifact.type)\(context.dot)\(artifact.title)"
        let review = artifact.needsReview.map { Wrapping.lines("needs review: \($0)", width: context.size.width) } ?? []
        return [Line(what, .good)] + review.map { Line($0, .warning) }
    }

    /// What the pane says before anything was written: what would write, and with what.
    private var emptiness: [Line] {
        guard let status = context.state.status else {
            return context.explanation("What the roles write appears here.")
        }
        return context.explanation(
            "Nothing is written yet: \(context.key(.generate)) starts a loop.\n\n" + providers(status))
    }

    /// Which providers the roles write with, and what a newcomer should know of them.
    private func providers(_ status: Status) -> String {
        let rows = status.roles.filter { $0.kind == .text }
        let names = Set(rows.map(\.provider)).sorted()
        if names == ["embedded"] {
            return "The embedded provider writes, as no other is configured: no key, no network, no cost. "
                + "config.yml names others; \(context.key(.switchProvider)) gives them to a role."
        }
        let key = context.key(.switchProvider)
        let problems = rows.count { $0.problem != nil }
        let hint =
            switch problems {
            case 0: ""
            case 1: " 1 role cannot be asked: its row in Roles says why, \(key) switches."
            default: " \(problems) roles cannot be asked: their rows in Roles say why, \(key) switches."
            }
        return "Providers in use: \(names.joined(separator: ", ")).\(hint)"
    }
}
