import Terminal
import Testing

@Suite struct GeometryTests {
    let rect = Rect(x: 2, y: 1, width: 10, height: 5)

    @Test func extentIsNeverNegative() {
        #expect(Rect(x: 0, y: 0, width: -3, height: 2).isEmpty)
        #expect(Size(width: -1, height: 4) == Size(width: 0, height: 4))
        #expect(Rect(x: 0, y: 0, width: 1, height: 9).inset(x: 1).width == 0)
    }

    @Test func intersectionIsWhatBothCover() {
        #expect(rect.intersection(Rect(x: 8, y: 3, width: 20, height: 20)) == Rect(x: 8, y: 3, width: 4, height: 3))
        #expect(rect.intersection(Rect(x: 12, y: 1, width: 5, height: 5)).isEmpty)
    }

    @Test func containsItsCellsOnly() {
        #expect(rect.contains(x: 2, y: 1))
        #expect(rect.contains(x: 11, y: 5))
        #expect(!rect.contains(x: 12, y: 5))
        #expect(!rect.contains(x: 11, y: 6))
    }

    @Test func slicesFollowEachOtherAndAreCut() {
        #expect(
            rect.rows([2, 9, 1]) == [
                Rect(x: 2, y: 1, width: 10, height: 2), Rect(x: 2, y: 3, width: 10, height: 3),
                Rect(x: 2, y: 12, width: 10, height: 0),
            ])
        #expect(
            rect.columns([4, 6]) == [
                Rect(x: 2, y: 1, width: 4, height: 5), Rect(x: 6, y: 1, width: 6, height: 5),
            ])
    }

    @Test func centeredRectFitsInside() {
        #expect(rect.centered(Size(width: 4, height: 3)) == Rect(x: 5, y: 2, width: 4, height: 3))
        #expect(rect.centered(Size(width: 40, height: 30)) == rect)
    }
}
