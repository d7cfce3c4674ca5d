import Terminal

/// Paragraphs as lines: titles strong, choices marked, what stands deeper indented.
struct ProseLines {
    let glyphs: Glyphs
    let width: Int
    /// Of plain text; nil for the tone of what is beneath.
    var tone: Tone?

    func lines(_ paragraphs: [Prose.Paragraph]) -> [Line] { paragraphs.flatMap(lines) }

    private func lines(_ paragraph: Prose.Paragraph) -> [Line] {
        let indent = String(repeating: "  ", count: min(paragraph.depth, 4))
        let mark = paragraph.kind == .choice ? "\(glyphs.arrow) " : ""
        let style: Tone? =
            switch paragraph.kind {
            case .heading: .strong
            case .choice: .accent
            case .detail, .text: tone
            }
        let room = max(1, width - indent.count - mark.count - 1)
        return Wrapping.lines(paragraph.text, width: room).enumerated().map { index, line in
            let lead = indent + (index == 0 ? mark : String(repeating: " ", count: mark.count))
            return Line([Span(lead, style), Span(line, style)])
        }
    }
}
