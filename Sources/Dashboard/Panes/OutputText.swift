import Core
import Terminal

/// What the roles have written in this session, and what they write: as it is read, or its bytes.
struct OutputText {
    private let context: PaneContext
    private let isRaw: Bool

    init(_ context: PaneContext, isRaw: Bool = false) { (self.context, self.isRaw) = (context, isRaw) }

    private var isFullSize: Bool { context.state.isFullSize }

    var content: PaneContent {
        guard let last = context.state.output.last else {
            let hint = isFullSize ? "\n\nv lists every artifact of the workspace." : ""
            return PaneContent(
                lines: context.explanation(OutputPane.emptiness(context.state) + hint), isExplanation: true)
        }
        var content = PaneContent(subject: subject(last), footer: isFullSize ? hint : "")
        for entry in context.state.output {
            if !content.lines.isEmpty { content.lines.append(Line()) }
            content.lines.append(heading(entry))
            content.lines += entry.lines(width: context.size.width, isRaw: isRaw) { text(entry) }
            for artifact in entry.stored {
                content.links[content.lines.count] = artifact.id
                content.lines += stored(artifact)
            }
        }
        return content
    }

    private func subject(_ last: OutputEntry) -> String {
        let place = "\(last.role.rawValue)\(context.dot)\(last.step)"
        return isRaw ? "bytes\(context.dot)\(place)" : place
    }

    private var hint: String {
        context.hint([
            "\(context.key(.fullSize)) opens the artifact", "\(context.key(.filter)) find",
            isRaw ? "\(context.key(.nextView)) artifacts" : "\(context.key(.nextView)) bytes",
            "\(context.key(.copy)) copy",
        ])
    }

    private func heading(_ entry: OutputEntry) -> Line {
        Line(
            [
                Span(entry.role.rawValue, .accent),
                Span("\(context.dot)\(entry.step)\(entry.isConsultation ? "\(context.dot)note" : "")", .muted),
            ], trailing: standing(entry))
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
        var lines =
            isRaw
            ? bytes(entry, tone)
            : ProseLines(glyphs: context.glyphs, width: context.size.width, tone: tone).lines(entry.paragraphs)
        if entry.standing == .streaming {
            if lines.isEmpty { lines.append(Line()) }
            lines[lines.count - 1].spans.append(Span(context.glyphs.cursor, .accent))
        }
        if case .failed(let message) = entry.standing {
            lines += Wrapping.lines(message, width: context.size.width).map { Line($0, .bad) }
        }
        return lines
    }

    private func bytes(_ entry: OutputEntry, _ tone: Tone?) -> [Line] {
        entry.text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            Wrapping.verbatim(String($0), width: context.size.width - 1)
        }.map { Line($0, tone) }
    }

    private func stored(_ artifact: StoredArtifact) -> [Line] {
        let what = "\(context.glyphs.success) \(artifact.type)\(context.dot)\(artifact.title)"
        let review = artifact.needsReview.map { Wrapping.lines("needs review: \($0)", width: context.size.width) } ?? []
        return [Line(what, .good)] + review.map { Line($0, .warning) }
    }
}
