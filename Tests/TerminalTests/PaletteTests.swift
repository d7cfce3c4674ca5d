import Testing

@testable import Terminal

@Suite struct PaletteTests {
    private func color(_ hex: String) throws -> Color { try #require(Color(hex: hex)) }

    @Test func hexIsReadStrictly() throws {
        #expect(try color("#ff8000") == Color(red: 255, green: 128, blue: 0))
        #expect(try color("#f80") == Color(red: 255, green: 136, blue: 0))
        for wrong in ["ff8000", "#ff80", "#ff800g", "", "#", "# ff800", "red"] { #expect(Color(hex: wrong) == nil) }
    }

    @Test func contrastFollowsWCAG() throws {
        #expect(abs(Color.contrast(try color("#fff"), try color("#000")) - 21) < 0.001)
        #expect(abs(Color.contrast(try color("#777"), try color("#fff")) - 4.478) < 0.001)
    }

    @Test func mixingEndsAtBothColours() throws {
        let (a, b) = (try color("#a3c76d"), try color("#ff7a5c"))
        #expect(a.mixed(with: b, fraction: 0) == a)
        #expect(a.mixed(with: b, fraction: 1) == b)
        #expect(a.mixed(with: b, fraction: 9) == b)
    }

    @Test func colourOfThe256IsItself() throws {
        let palette = Palette(depth: .indexed256)
        #expect(palette.indices(foreground: try color("#ffaf5f"), background: nil).foreground == 215)
        #expect(palette.indices(foreground: nil, background: try color("#121212")).background == 233)
    }

    @Test func nearestIsWhatLooksNearest() throws {
        #expect(
            Palette(depth: .indexed256).indices(foreground: try color("#ffb05e"), background: nil).foreground == 215)
        #expect(Palette(depth: .eight).indices(foreground: try color("#d02020"), background: nil).foreground == 1)
        #expect(Palette(depth: .sixteen).indices(foreground: try color("#fa1010"), background: nil).foreground == 9)
    }

    @Test func usersOwnSixteenAreNotAmongThe256() throws {
        let indices = Palette(depth: .indexed256).indices(
            foreground: try color("#cd0000"), background: try color("#000"))
        #expect(indices.foreground >= 16)
        #expect(indices.background >= 16)
    }

    @Test(arguments: [ColorDepth.eight, .sixteen, .indexed256])
    func textNeverMeltsIntoItsBackground(depth: ColorDepth) throws {
        let palette = Palette(depth: depth)
        let indices = palette.indices(foreground: try color("#8c8c8c"), background: try color("#141414"))
        let (front, behind) = (palette.color(at: indices.foreground), palette.color(at: indices.background))
        #expect(Color.contrast(try #require(front), try #require(behind)) >= 4.5)
    }

    @Test func directColourIsPassedOn() throws {
        let palette = Palette(depth: .direct)
        let indices = palette.indices(foreground: try color("#ffb454"), background: try color("#14110f"))
        #expect(indices == Palette.Indices(foreground: 0xFFB454, background: 0x14110F))
        #expect(palette.indices(foreground: try color("#000"), background: nil).foreground == 8)
    }

    @Test func leftOpenIsTheTerminalsOwn() {
        let own = Palette.Indices(foreground: -1, background: -1)
        for depth in [ColorDepth.none, .eight, .indexed256, .direct] {
            #expect(Palette(depth: depth).indices(foreground: nil, background: nil) == own)
        }
    }
}
