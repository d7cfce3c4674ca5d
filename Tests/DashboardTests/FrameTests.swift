import Core
import Terminal
import Testing

@testable import Dashboard

@Suite struct FrameTests {
    private static let sizes = [(80, 24), (120, 40), (200, 60), (60, 20), (40, 10), (20, 1)]

    @Test func freshWorkspaceSaysInEveryPaneWhatChangesIt() throws {
        try expectFrames(
            Self.sizes.map { ("fresh", .sample(width: $0.0, height: $0.1)) }, in: "fresh")
    }

    @Test func runningSessionFillsEveryPane() throws {
        try expectFrames(
            Self.sizes.map { ("busy", .sample(Sample.busy(), width: $0.0, height: $0.1, events: Sample.run)) },
            in: "busy")
    }

    @Test func everyZoomAtThreeSizes() throws {
        let frames = Sample.zooms.flatMap { zoom in
            let frames = atThreeSizes("\(zoom.pane.rawValue) view \(zoom.views)") { width, height in
                Sample.zoom(zoom.pane, views: zoom.views, width: width, height: height)
            }
            // The tables of one zoom differ in their columns alone.
            let isAlike = [.cache, .cost].contains(zoom.pane) && (1...3).contains(zoom.views)
            return isAlike ? Array(frames.prefix(1)) : frames
        }
        try expectFrames(frames, in: "zooms")
    }

    @Test func everyThingThatIsOpenedAtThreeSizes() throws {
        let frames = Sample.opened.flatMap { opened in
            atThreeSizes(opened.title) { opened.state(Size(width: $0, height: $1)) }
        }
        try expectFrames(frames, in: "opened")
    }

    @Test func zoomsOfAFreshWorkspaceSayWhatChangesThem() throws {
        let frames = Sample.zooms.map { zoom in
            (
                "\(zoom.pane.rawValue) view \(zoom.views)",
                Sample.zoom(zoom.pane, views: zoom.views, of: Sample.fresh(), width: 60, height: 10)
            )
        }
        try expectFrames(frames, in: "zooms-fresh")
    }

    @Test func dialogsAtEightyColumns() throws {
        let frames = Sample.dialogs.flatMap { dialog in
            atThreeSizes(dialog.title) { dialog.state(Size(width: $0, height: $1)) }
        }
        try expectFrames(frames, in: "dialogs")
    }

    @Test func everyPaneNamesItselfAndItsKeyWherePanesStandTogether() {
        for (width, height) in [(80, 24), (120, 40), (200, 60), (60, 24)] {
            let screen = DashboardState.sample(width: width, height: height).screen
            for pane in Pane.all where pane.shape != .line {
                #expect(screen.contains("\(pane.key) \(pane.title)"), "\(pane.title) at \(width)x\(height)")
            }
        }
    }

    @Test func rolesShowEveryColumnAtEightyColumns() {
        let screen = DashboardState.sample(Sample.busy()).screen
        for column in ["role", "provider", "model", "temp", "calls", "hit", "$", "state"] {
            #expect(screen.contains(column))
        }
    }

    @Test func asciiTerminalsGetNothingButASCII() {
        // What a file says may be anything.
        let opened = Sample.opened.filter { !$0.title.contains("needs review") }
        for dialog in [nil] + (Sample.dialogs + opened).map(Optional.some) {
            let size = Size(width: 120, height: 40)
            var state = DashboardState(status: Sample.busy(), size: size, now: noon, glyphs: .ascii)
            state.fold(Sample.run)
            dialog?.prepare(&state)
            let lines = state.frame
            #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }, "\(lines.joined(separator: "\n"))")
        }
    }

    // MARK: Sizes

    private static let widths = Array(1...12) + [20, 24, 29, 30, 31, 40, 59, 60, 61, 79, 80, 111, 112, 120, 200]
    private static let heights = Array(1...9) + [10, 12, 13, 14, 15, 20, 24, 40, 60]

    /// Fewer of them for what there is a lot of.
    private static let fewWidths = [1, 2, 5, 8, 20, 40, 59, 80, 130]
    private static let fewHeights = [1, 2, 3, 6, 10, 16, 24, 60]

    @Test(arguments: widths)
    func noSizeBreaksAFrame(_ width: Int) {
        for height in Self.heights {
            for isFull in [false, true] {
                var state = DashboardState.sample(Sample.busy(), width: 80, height: 24, events: Sample.run)
                state.isFullSize = isFull
                _ = state.update(.resize(Size(width: width, height: height)))
                expectWhole(state)
                #expect(!state.screen.isEmpty)
            }
            expectWhole(.sample(nil, width: width, height: height))
        }
    }

    @Test(arguments: Sample.zooms)
    func noSizeBreaksAZoom(_ zoom: (pane: Pane.ID, views: Int)) {
        for status in [Sample.busy(), Sample.fresh()] {
            var state = Sample.zoom(zoom.pane, views: zoom.views, of: status, width: 80, height: 24)
            for width in Self.fewWidths {
                for height in Self.fewHeights {
                    _ = state.update(.resize(Size(width: width, height: height)))
                    _ = state.press(.down, .character("s"))
                    expectWhole(state)
                }
            }
        }
    }

    @Test(arguments: Sample.opened.indices)
    func noSizeBreaksWhatIsOpened(_ index: Int) {
        var state = Sample.opened[index].state(Size(width: 80, height: 24))
        for width in Self.fewWidths {
            for height in Self.fewHeights {
                _ = state.update(.resize(Size(width: width, height: height)))
                _ = state.press(.down, .pageDown, .up)
                expectWhole(state)
            }
        }
    }

    @Test(arguments: Sample.dialogs.indices)
    func everyDialogSurvivesEverySize(_ index: Int) async {
        for width in Self.fewWidths {
            await Task.yield()
            for height in Self.fewHeights {
                var state = Sample.dialogs[index].state(Size(width: 80, height: 24))
                _ = state.update(.resize(Size(width: width, height: height)))
                expectWhole(state)
                _ = state.press(.down, .tab, .left, .character("7"), .pageDown, .home)
                expectWhole(state)
            }
        }
    }

    @Test func oneLineStillTellsTheRunAndTheCost() {
        let state = DashboardState.sample(Sample.fresh(), width: 30, height: 1, events: Sample.run)
        #expect(state.frame[0].contains("draft_scenes"))
        #expect(DashboardState.sample(Sample.busy(), width: 26, height: 1).frame[0].contains("$4.11 today"))
    }

    @Test func smallScreensShowLoopBudgetAndFocusedPane() {
        var state = DashboardState.sample(Sample.busy(), width: 40, height: 10, events: Sample.run)
        #expect(state.screen.contains("draft_scenes 5/6"))
        #expect(state.screen.contains("$0.89 left"))
        #expect(state.screen.contains("1 Roles"))
        _ = state.press(.character("4"))
        #expect(state.screen.contains("4 Cost"))
        #expect(!state.screen.contains("1 Roles"))
    }
}
