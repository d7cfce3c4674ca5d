import Studio
package import Workspace

/// An artifact that is being read, and the way that led to it.
package struct Reader: Sendable {
    /// What is read: an artifact by its name, which a choice or a row of a list has.
    package struct Stop: Hashable, Sendable {
        package var id: String
        /// nil for work in progress where there is some.
        package var shelf: Temperature?
        /// Whether any take of the piece will do: the one that counts is shown then.
        package var isPiece = false
    }

    /// The pane that led here, and to which the way back leads.
    let origin: Pane.ID
    private(set) var trail: [Stop]
    private(set) var shown: Session.Shown?
    private(set) var problem: String?
    /// Which of the piece's takes is shown, from 0.
    private(set) var take = 0
    /// Whether the artifact's file is shown as it is.
    var isRaw = false
    /// The selected choice, from 0.
    private(set) var selection = 0
    private(set) var scene: StoryScene?
    private var page: Page?
    private var otherPage: Page?

    init(_ stop: Stop, from origin: Pane.ID) { (trail, self.origin) = ([stop], origin) }

    var stop: Stop? { trail.last }
    var artifact: Artifact? { shown.map { $0.piece.takes.indices.contains(take) ? $0.piece.takes[take] : $0.artifact } }
    var choices: [StoryScene.Choice] { scene?.choices ?? [] }
    var selectedChoice: StoryScene.Choice? { choices.indices.contains(selection) ? choices[selection] : nil }
    /// Whether it can be changed: only work in progress can.
    var isInWork: Bool { shown?.temperature == .hot }

    /// Takes in what was read, unless something else is read by now.
    mutating func show(_ shown: Session.Shown, at stop: Stop) {
        guard stop == self.stop else { return }
        // Read anew it stays at the take that somebody has turned to.
        let wanted = artifact?.id ?? shown.artifact.id
        let places = [wanted, shown.artifact.id].compactMap { id in shown.piece.takes.firstIndex { $0.id == id } }
        (self.shown, problem, take) = (shown, nil, places.first ?? 0)
        prepare()
    }

    mutating func tell(_ problem: String, at stop: Stop) {
        if stop == self.stop { (shown, self.problem, scene) = (nil, problem, nil) }
    }

    mutating func go(to stop: Stop) {
        trail.append(stop)
        leave()
    }

    /// Goes a step back; returns false where there is none.
    mutating func goBack() -> Bool {
        guard trail.count > 1 else { return false }
        trail.removeLast()
        leave()
        return true
    }

    private mutating func leave() { (shown, problem, scene, take, selection) = (nil, nil, nil, 0, 0) }

    mutating func turnTake(by step: Int) {
        guard let count = shown?.piece.takes.count, count > 1 else { return }
        take = (take + step + count) % count
        selection = 0
        prepare()
    }

    mutating func moveChoice(by step: Int) {
        selection = min(max(0, selection + step), max(0, choices.count - 1))
    }

    private mutating func prepare() {
        guard let artifact else { return }
        scene =
            artifact.needsReview == nil
            ? StoryScene(id: artifact.id, type: artifact.type, data: artifact.data) : nil
        selection = min(selection, max(0, choices.count - 1))
        (page, otherPage) = (Page(artifact), otherTake.map(Page.init))
    }

    /// The take that stands beside the one that is read, where there is room: the next; nil where there is one only.
    var otherTake: Artifact? {
        guard let takes = shown?.piece.takes, takes.count > 1 else { return nil }
        return takes[(take + 1) % takes.count]
    }

    /// The text as lines of a width, or that of the other take; they are made once.
    func lines(width: Int, ofOther: Bool = false, _ make: ([Prose.Paragraph]) -> [Line]) -> [Line] {
        guard let page = ofOther ? otherPage : page else { return [] }
        return page.memo.lines(width: width) { make(page.prose) }
    }

    /// The artifact's file as lines of a width, made once.
    func rawLines(width: Int, _ make: () -> [Line]) -> [Line] { page?.rawMemo.lines(width: width, make) ?? [] }
}

/// The text of an artifact, and its lines once they are made.
private struct Page: Sendable {
    var prose: [Prose.Paragraph]
    let memo = LineMemo()
    let rawMemo = LineMemo()

    init(_ artifact: Artifact) {
        let scene = StoryScene(id: artifact.id, type: artifact.type, data: artifact.data)
        // An answer that could not be read is no scene yet.
        prose =
            scene.flatMap { $0.text.isEmpty ? nil : [Prose.Paragraph(kind: .text, text: $0.text)] }
            ?? Prose.paragraphs(of: artifact.data)
    }
}
