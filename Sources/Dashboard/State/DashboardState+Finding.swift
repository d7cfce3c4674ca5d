import Core

extension DashboardState {
    /// What is looked for in the text that the focused pane shows; nil when nothing is.
    var searchHere: Search? { !search.text.isEmpty && search.place == viewID(of: focus).rawValue ? search : nil }

    /// Looks for a text in what is read, from the first line on that is shown.
    mutating func find(_ text: String) {
        search = Search(text: text, place: viewID(of: focus).rawValue)
        guard !text.isEmpty, let window else { return }
        let lines = Matches(of: text, in: window.content.lines).lines
        guard !lines.isEmpty else { return say("Nothing here has \"\(Wrapping.line(text))\" in it.") }
        search.current = lines.firstIndex { $0 >= window.top } ?? 0
        showMatch(lines)
    }

    /// Goes to the next place that has what is looked for, or to the one before.
    mutating func goToMatch(by step: Int) {
        guard let window, let search = searchHere else { return }
        let lines = Matches(of: search.text, in: window.content.lines).lines
        guard !lines.isEmpty else { return }
        self.search.current = (search.current + step + lines.count) % lines.count
        showMatch(lines)
    }

    private mutating func showMatch(_ lines: [Int]) {
        guard let window else { return }
        let line = lines[search.current % lines.count]
        if !(window.top..<window.top + window.height).contains(line) {
            views[viewID(of: focus), default: PaneView()].top = max(0, min(line - window.height / 3, window.lastTop))
        }
        say("\"\(Wrapping.line(search.text))\": \(search.current + 1) of \(lines.count); f next, F the one before.")
    }

    /// What of the focused pane is on the screen; nil where it has no place.
    var window: PaneWindow? {
        layout.places.first { $0.pane.id == focus }.map { PaneWindow($0, state: self) }
    }
}
