import Core
import Foundation
import Terminal
import Testing

@testable import Dashboard
@testable import ResponseCache
@testable import Studio

@Suite struct MouseTests {
    /// The place of a text on the screen.
    private func place(of text: String, in state: DashboardState) throws -> (x: Int, y: Int) {
        let frame = state.frame
        let row = try #require(frame.firstIndex { $0.contains(text) }, "\(text) in\n\(state.screen)")
        let range = try #require(frame[row].range(of: text))
        return (displayWidth(String(frame[row][..<range.lowerBound])), row)
    }

    private func click(_ text: String, _ state: inout DashboardState, isDouble: Bool = false) throws -> [Effect] {
        let (x, y) = try place(of: text, in: state)
        return state.update(.mouse(MouseEvent(.press, x: x, y: y), isDouble: isDouble))
    }

    private func sample() -> DashboardState { .sample(Sample.busy(), width: 120, height: 40, events: Sample.run) }

    @Test func aClickFocusesThePane() throws {
        var state = sample()
        for pane in Pane.all where pane.shape != .line {
            _ = try click("\(pane.key) \(pane.title)", &state)
            #expect(state.focus == pane.id)
        }
        _ = state.update(.mouse(MouseEvent(.press, x: 3, y: 0), isDouble: false))
        #expect(state.focus == .loop)
    }

    @Test func aClickSelectsTheRow() throws {
        var state = sample()
        _ = try click("lore_weaver", &state)
        #expect(state.selectedRole?.role == .loreWeaver && state.focus == .roles)
        #expect(state.screen.contains("▸lore_weaver"))
    }

    @Test func aDoubleClickZooms() throws {
        var state = sample()
        _ = try click("2 Cache", &state)
        _ = try click("2 Cache", &state, isDouble: true)
        #expect(state.isFullSize && state.focus == .cache)
    }

    @Test func theWheelScrollsWhatItIsOver() throws {
        var state = sample()
        let (x, y) = try place(of: "gatekeeper", in: state)
        _ = state.press(.character("4"))
        _ = state.update(.mouse(MouseEvent(.wheelDown, x: x, y: y), isDouble: false))
        #expect(state.views[.roles]?.selection == 3 && state.focus == .cost)
        _ = state.update(.mouse(MouseEvent(.wheelUp, x: x, y: y), isDouble: false))
        #expect(state.views[.roles]?.selection == 0)
    }

    @Test func keysInTheFooterArePressed() throws {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        _ = try click("prune", &state)
        #expect(state.dialog is PruneDialog)
        _ = try click("Esc", &state)
        #expect(state.dialog == nil)
        _ = try click("? help", &state)
        #expect(state.dialog is HelpDialog)
        // Between two keys nothing stands.
        _ = try click("Esc", &state)
        let (x, y) = try place(of: "  ? help", in: state)
        #expect(state.update(.mouse(MouseEvent(.press, x: x, y: y), isDouble: false)).isEmpty)
        #expect(state.dialog == nil)
    }

    @Test func buttonsActAndListsSelect() throws {
        var state = sample()
        _ = state.press(.character("x"))
        let effects = try click("everything", &state)
        #expect(effects == [.planPrune(.everything)])
        _ = state.update(.prunePlanned(.everything, .init(entries: 4, bytes: 400)))
        _ = try click("everything", &state, isDouble: true)
        #expect(try click("Remove them", &state) == [.prune(.everything)])
        #expect(state.dialog == nil)
    }

    @Test func cancelIsAButtonToo() throws {
        var state = sample()
        state.dialog = QuitDialog()
        #expect(try click("Cancel it and quit", &state) == [.quit(.quit)])
    }

    @Test func fieldsTakeTheFocusAndChoicesMoveOn() throws {
        var state = DashboardState.sample(Sample.busy(), width: 120, height: 40)
        _ = state.press(.character("g"))
        _ = try click("scenes", &state)
        #expect(state.dialog?.form.focus == 2)
        _ = try click("loop  ", &state)
        #expect(state.dialog?.form.focus == 0 && state.dialog?.form.selected(0) == 0)
        _ = try click("loop  ", &state)
        #expect(state.dialog?.form.selected(0) == 1)
    }

    @Test func scrolledDialogsMapTheirRows() throws {
        for size in [(80, 24), (60, 12), (40, 10)] {
            var state = DashboardState.sample(Sample.busy(), width: size.0, height: size.1)
            _ = state.press(.character(":"))
            for _ in 0..<9 { _ = state.press(.down) }
            let (x, y) = try place(of: "▸ ", in: state)
            let before = state.screen
            _ = state.update(.mouse(MouseEvent(.press, x: x, y: y), isDouble: false))
            #expect(state.screen == before)
        }
    }

    @Test func noPlaceOnAnyScreenBreaksAnything() async {
        for (width, height) in [(1, 1), (20, 1), (40, 10), (80, 24)] {
            await Task.yield()
            for dialog in [nil] + Sample.dialogs.map(Optional.some) {
                var state = DashboardState.sample(Sample.busy(), width: width, height: height)
                dialog?.prepare(&state)
                for y in stride(from: 0, through: height, by: 5) {
                    for x in stride(from: 0, through: width, by: 17) {
                        var state = state
                        for kind in [MouseEvent.Kind.press, .wheelUp, .wheelDown] {
                            _ = state.update(.mouse(MouseEvent(kind, x: x, y: y), isDouble: x % 2 == 0))
                        }
                        expectWhole(state)
                    }
                }
            }
        }
    }
}
