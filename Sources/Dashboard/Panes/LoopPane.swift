extension Pane.ID {
    static let loop: Pane.ID = "loop"
}

extension Pane {
    /// Where the run is: a part of the top line, at full size its steps.
    static let loop = Pane(
        id: .loop, key: "8", title: "Loop", shape: .line, motion: .scrolls, minimumWidth: 0,
        content: { LoopZoom($0).content }, zoom: LoopZoom.self)
}
