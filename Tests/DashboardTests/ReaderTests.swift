import Core
import Terminal
import Testing

@testable import Dashboard
@testable import Studio
@testable import Workspace

/// The list of artifacts and the reader.
@Suite struct ReaderTests {
    private func list(width: Int = 120, height: Int = 40) -> DashboardState {
        Sample.zoom(.output, views: 2, width: width, height: height)
    }

    private func reader(_ id: String, width: Int = 120, height: Int = 40) -> DashboardState {
        var state = list(width: width, height: height)
        state.open(Reader.Stop(id: id, shelf: .hot))
        return state
    }

    @Test func listIsReadWhenItIsShownAndAgainWhenThereIsMore() {
        var state = DashboardState.sample(Sample.busy())
        #expect(state.press(.character("5"), .enter, .character("v")).isEmpty)
        #expect(state.press(.character("v")) == [.listArtifacts])
        _ = state.update(.artifacts(Sample.artifacts))
        #expect(state.update(.status(Sample.busy())).isEmpty)
        var more = Sample.busy()
        more.state.hotArtifacts += 1
        #expect(state.update(.status(more)) == [.listArtifacts])
    }

    @Test func rowsHaveToHaveEveryWordOfTheFilter() {
        var state = list()
        #expect(state.screen.contains("5 hot") && state.screen.contains("1 cold"))
        for (filter, shown, hidden) in [
            ("cold", "What the fog remembers", "The far bank"), ("scene FERRY", "The ferry bell", "The far bank"),
            ("review", "SCENE-9", "The ferry bell"),
        ] {
            _ = state.press(.character("/"), .control("u"))
            _ = state.type(filter)
            _ = state.press(.enter)
            #expect(state.screen.contains(shown) && !state.screen.contains(hidden), "\(filter): \(state.screen)")
        }
        _ = state.press(.character("/"), .control("u"))
        _ = state.type("nowhere")
        _ = state.press(.enter)
        #expect(state.screen.contains("No artifact has \"nowhere\" in it"))
    }

    @Test func selectionStaysWithItsArtifactWhereverItsRowGoes() {
        var state = list()
        _ = state.press(.down, .down)
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("SCENE-1 ") })
        for _ in 0..<8 {
            _ = state.press(.character("s"))
            #expect(state.frame.contains { $0.contains("▸") && $0.contains("SCENE-1 ") }, "\(state.screen)")
        }
        var page = Sample.artifacts
        page.summaries.insert(
            ArtifactSummary(Sample.artifact("SCENE-0", "scene", ["title": "New"], minute: 59), .hot), at: 0)
        _ = state.update(.artifacts(page))
        #expect(state.frame.contains { $0.contains("▸") && $0.contains("SCENE-1 ") })
        // One that is gone leaves its place to the next.
        page.summaries.removeAll { $0.id == "SCENE-1" }
        _ = state.update(.artifacts(page))
        #expect(state.frame.contains { $0.contains("▸") })
    }

    @Test func enterReadsAndTheChoicesLeadOnAndBack() {
        var state = list()
        _ = state.press(.down, .down)
        let effects = state.press(.enter)
        #expect(effects == [.readArtifact(Reader.Stop(id: "SCENE-1", shelf: .hot))])
        state.answer(effects)
        #expect(state.screen.contains("The ferry bell") && state.screen.contains("take 1 of 2"))
        // The text is scrolled before the choices are gone through.
        #expect(!state.screen.contains("Board the ferry"))
        _ = state.press(.end)
        #expect(state.screen.contains("▸ Board the ferry") && state.screen.contains("The far bank · needs lantern"))
        #expect(state.screen.contains("SCENE-3 is not there") && state.screen.contains("gives counted"))
        _ = state.press(.down)
        #expect(state.screen.contains("▸ Count once more"))
        _ = state.press(.up)
        let next = Reader.Stop(id: "SCENE-2", shelf: .hot, isPiece: true)
        #expect(state.press(.enter) == [.readArtifact(next)])
        state.answer([.readArtifact(next)])
        #expect(state.screen.contains("Nobody waits there.") && state.screen.contains("an ending"))
        let back = state.press(.backspace)
        #expect(back == [.readArtifact(Reader.Stop(id: "SCENE-1", shelf: .hot))])
        state.answer(back)
        #expect(state.screen.contains("Board the ferry"), "it is where it was left:\n\(state.screen)")
        #expect(state.press(.escape).isEmpty && state.screen.contains("by"))
        #expect(state.isFullSize && state.reader == nil)
        _ = state.press(.escape)
        #expect(!state.isFullSize)
    }

    @Test func choiceThatLeadsToNothingSaysSo() {
        var state = reader("SCENE-1")
        _ = state.press(.end, .down)
        let effects = state.press(.enter)
        state.answer(effects)
        #expect(state.screen.contains("there is no artifact SCENE-3") && state.screen.contains("Esc goes back"))
        state.answer(state.press(.escape))
        #expect(state.screen.contains("The ferry bell"))
    }

    @Test func takesAreSteppedThroughAndOneIsAccepted() {
        var state = reader("SCENE-1")
        #expect(state.screen.contains("take 1 of 2"))
        _ = state.press(.character("]"))
        #expect(state.screen.contains("take 2 of 2") && state.screen.contains("The second bell never comes"))
        #expect(state.screen.contains("✓ counts"))
        _ = state.press(.character("]"))
        #expect(state.screen.contains("take 1 of 2 a accepts it"))
        #expect(state.press(.character("[")).isEmpty && state.screen.contains("take 2 of 2"))
        #expect(state.press(.character("a")) == [.acceptTake("SCENE-1-T2")])
        let after = state.update(.artifactChanged("SCENE-1-T2 counts now."))
        #expect(after.contains(.listArtifacts) && after.contains(.refreshStatus))
        #expect(after.contains(.readArtifact(Reader.Stop(id: "SCENE-1", shelf: .hot))))
        state.answer(after)
        #expect(state.screen.contains("take 2 of 2"), "read anew it stays where it was")
        #expect(state.frame[39].contains("SCENE-1-T2 counts now."))
        #expect(state.activity.last?.text == "SCENE-1-T2 counts now.")
    }

    @Test func deletingAsksFirst() {
        var state = reader("SCENE-2")
        #expect(state.press(.character("d")).isEmpty)
        #expect(state.screen.contains("[Cancel]") && state.screen.contains("30 days"))
        #expect(state.press(.enter).isEmpty && state.dialog == nil)
        #expect(state.press(.character("d"), .right, .enter) == [.deleteArtifact("SCENE-2")])
    }

    @Test func finishedArtifactsCannotBeChanged() {
        var state = list()
        state.open(Reader.Stop(id: "CANON-1", shelf: .cold))
        #expect(state.screen.contains("What the fog remembers"))
        for key in ["a", "d", "e"] as [Character] {
            #expect(state.press(.character(key)).isEmpty && state.dialog == nil)
            #expect(state.frame[39].contains("in work"))
        }
    }

    @Test func textIsEditedCopiedAndShownAsItsFile() {
        var state = reader("SCENE-2")
        #expect(state.press(.character("e")) == [.openEdit("SCENE-2")])
        #expect(state.press(.character("y")) == [.copy("Nobody waits there.\n")])
        #expect(state.frame[39].contains("Copied the text of SCENE-2, if the terminal"))
        _ = state.press(.character("v"))
        #expect(state.screen.contains("\"revision\": 3") && state.screen.contains("\"ending\": true"))
        _ = state.press(.character("v"))
        #expect(!state.screen.contains("\"revision\": 3"))
    }

    @Test func copiedTextIsVisibleAndBounded() {
        var state = DashboardState.sample()
        guard case .copy(let text)? = state.copy("red \u{1B}[31m\nline", "it").first else { return }
        #expect(text == "red ␛[31m\nline")
        guard case .copy(let long)? = state.copy(String(repeating: "漢", count: 100_000), "it").first else { return }
        #expect(long.utf8.count <= 48 << 10 && long.allSatisfy { $0 == "漢" })
        #expect(state.message?.text.contains("the first 48 kB of it") == true)
    }

    @Test func whatIsLookedForIsFoundAcrossLinesAndRound() {
        var state = reader("SCENE-1", width: 80, height: 24)
        _ = state.press(.character("/"))
        #expect(state.screen.contains("Find in the text"))
        _ = state.type("LETS go of")
        _ = state.press(.enter)
        #expect(state.frame[23].contains("1 of 24"))
        for _ in 0..<23 { _ = state.press(.character("f")) }
        #expect(state.frame[23].contains("24 of 24") && state.screen.contains("rings 24 times"))
        _ = state.press(.character("f"))
        #expect(state.frame[23].contains("1 of 24") && state.screen.contains("rings 1 times"))
        _ = state.press(.character("F"))
        #expect(state.frame[23].contains("24 of 24"))
        _ = state.press(.character("/"), .control("u"))
        _ = state.type("nowhere")
        _ = state.press(.enter)
        #expect(state.frame[23].contains("Nothing here has \"nowhere\" in it."))
    }

    @Test func whatAFileSaysNeverSteersTheTerminal() {
        var state = reader("SCENE-9")
        #expect(state.screen.contains("␛[31m") && state.screen.contains("needs review"))
        _ = state.press(.character("v"))
        #expect(state.screen.contains("\\u001b[31m") || state.screen.contains("␛[31m"))
    }

    @Test func outputOpensWhatWasStoredLast() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40, events: Sample.run)
        _ = state.press(.character("5"), .enter)
        #expect(state.screen.contains("The ferry bell rings twice"))
        _ = state.press(.character("v"))
        #expect(state.screen.contains("\"choices\"") || state.screen.contains("{\"title\": \"The ferry bell\""))
        _ = state.press(.character("v"), .character("v"))
        #expect(state.press(.enter).first == .readArtifact(Reader.Stop(id: "HOOK-1")))
    }

    @Test func listOfATypeIsOneKeyAwayFromTheState() {
        var state = Sample.zoom(.state, views: 0, width: 120, height: 40)
        #expect(state.screen.contains("▸scene"))
        #expect(state.press(.enter) == [.listArtifacts])
        #expect(state.screen.contains("5 Output") && state.screen.contains("with scene"))
    }

    @Test func keysOfTheReaderSayWhereTheyCount() {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        for key in ["[", "]", "a", "e", "y", "f", "F", "/", "d"] as [Character] {
            #expect(state.press(.character(key)).isEmpty && state.dialog == nil)
            #expect(state.frame[39].contains("\(key) is for"), "\(state.frame[39])")
        }
    }
}
