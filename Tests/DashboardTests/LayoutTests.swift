import Terminal
import Testing

@testable import Dashboard

@Suite struct LayoutTests {
    private func layout(_ width: Int, _ height: Int, panes: [Pane] = Pane.all) -> Layout {
        Layout(size: Size(width: width, height: height), focus: .roles, isFullSize: false, panes: panes)
    }

    @Test func placesFillTheBodyAndNeverOverlap() {
        for (width, height) in [(60, 24), (80, 24), (100, 30), (112, 30), (120, 40), (159, 45), (200, 60)] {
            let places = layout(width, height).places
            #expect(places.count == 7)
            let area = places.reduce(0) { $0 + $1.rect.width * $1.rect.height }
            #expect(area == width * (height - 2), "\(width)x\(height)")
            for (index, place) in places.enumerated() {
                for other in places.dropFirst(index + 1) {
                    #expect(place.rect.intersection(other.rect).isEmpty, "\(width)x\(height)")
                }
            }
        }
    }

    @Test func newPaneTakesItsPlaceByItsShape() {
        let queue = Pane(
            id: "queue", key: "9", title: "Queue", shape: .figures, motion: .scrolls, minimumWidth: 26,
            content: { _ in PaneContent() })
        for (width, height) in [(80, 30), (120, 40), (200, 60)] {
            let layout = layout(width, height, panes: Pane.all + [queue])
            #expect(layout.places.count == 8)
            #expect(layout.place(of: "queue")?.isEmpty == false)
            let area = layout.places.reduce(0) { $0 + $1.rect.width * $1.rect.height }
            #expect(area == width * (height - 2))
        }
    }

    @Test func whatIsReadStandsBesideTheTableOnWideScreens() {
        #expect(layout(120, 40).place(of: .output)?.y == layout(120, 40).place(of: .roles)?.y)
        #expect(layout(80, 24).place(of: .output)?.y != layout(80, 24).place(of: .roles)?.y)
    }

    @Test func paneAtFullSizeHasTheWholeBody() {
        let layout = Layout(size: Size(width: 80, height: 24), focus: .cost, isFullSize: true)
        #expect(layout.places.map(\.pane.id) == [.cost])
        #expect(layout.places[0].rect == Rect(x: 0, y: 1, width: 80, height: 22))
    }

    @Test func loopLineIsAPaneOnlyAtFullSize() {
        #expect(layout(80, 24).place(of: .loop) == nil)
        let layout = Layout(size: Size(width: 80, height: 24), focus: .loop, isFullSize: true)
        #expect(layout.places.map(\.pane.id) == [.loop])
        let narrow = Layout(size: Size(width: 40, height: 10), focus: .loop, isFullSize: false)
        #expect(narrow.places.map(\.pane.id) == [.loop])
    }
}
