import Testing

@testable import Core

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("\u{1B}[31mred\u{7}", "␛[31mred␇"), ("\0", "␀"), ("\u{1F}", "␟"), ("a\u{7F}", "a␡"), ("\r", "␍"),
        ("\u{9B}31m", "⟨U+009B⟩31m"), ("\u{85}", "⟨U+0085⟩"), ("\u{202E}abc\u{202C}", "⟨U+202E⟩abc⟨U+202C⟩"),
        ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩"), ("\u{200F}", "⟨U+200F⟩"), ("\u{FEFF}", "⟨U+FEFF⟩"),
        ("\u{2028}\u{2029}", "⟨U+2028⟩⟨U+2029⟩"), ("\u{E000}", "⟨U+E000⟩"), ("\u{378}", "⟨U+0378⟩"),
        ("\u{E0041}", "⟨U+E0041⟩"), ("\u{10FFFF}", "⟨U+10FFFF⟩"),
    ])
    func whatSteersATerminalIsMadeVisible(_ text: String, _ expected: String) {
        #expect(text.visible() == expected)
        #expect(text.visible(keepingLines: true) == expected)
    }

    @Test func linesStayOnlyWhereTheyAreWanted() {
        #expect("a\nb\tc\r\nd".visible() == "a b c␍ d")
        #expect("a\nb\tc\r\nd".visible(keepingLines: true) == "a\nb\tc␍\nd")
    }

    @Test(arguments: [
        "", "plain text ~", "👩‍👩‍👧", "❤️ 🏳️‍🌈", "\u{5E9}\u{5DC}\u{5D5}\u{5DD}", "سلام", "e\u{301}", "日本語", "\u{A0}",
    ])
    func harmlessTextStaysAsItIs(_ text: String) {
        #expect(Array(text.visible().unicodeScalars) == Array(text.unicodeScalars))
        #expect(Array((text + "\u{1B}").visible().unicodeScalars) == Array((text + "␛").unicodeScalars))
    }

    @Test func partsOfATextAreMadeVisibleToo() {
        #expect("ab\u{1B}cd".dropFirst().visible() == "b␛cd")
    }
}

@Suite struct RoleNameTests {
    @Test(arguments: RoleName.allCases)
    func everySpellingIsRead(_ role: RoleName) {
        let words = role.rawValue.split(separator: "_").map(String.init)
        let capitals = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        let camel = words[0] + capitals.dropFirst().joined()
        for spelling in [role.rawValue, words.joined(separator: "-"), camel, capitals.joined()] {
            #expect(RoleName(spelling: spelling) == role, "\(spelling)")
        }
    }

    @Test(arguments: [
        "", "-", "_", "scene smith", "scenesmith", "scene_smith_", "_scene_smith", "scene__smith", "Scene_Smith",
        "SCENE_SMITH", "scene–smith", "narrator", "\u{130}llustrator", "ﬁ", "😀", "gatekeeper\n",
    ])
    func whatIsNoRoleIsRefused(_ spelling: String) {
        #expect(RoleName(spelling: spelling) == nil)
    }

    @Test func thereAreFifteenRoles() {
        #expect(RoleName.allCases.count == 15)
        #expect(RoleName.allCases.first == .showrunner && RoleName.allCases.last == .playerNarrator)
    }

    @Test(arguments: RoleName.allCases)
    func pictureAndSoundRolesUseASecondKind(_ role: RoleName) {
        let second: ProviderKind? =
            switch role {
            case .artDirector, .illustrator: .image
            case .audioDirector, .audioProducer: .audio
            default: nil
            }
        #expect(role.kinds == second.map { [.text, $0] } ?? [.text])
        #expect(role.ownKind == second ?? .text)
    }
}

@Suite struct TextCallTests {
    private func call(_ contents: [String] = ["Hello"], seed: UInt64? = nil, take: Int = 1) -> TextCall {
        TextCall(
            provider: "p", providerType: "openai", model: "m", messages: contents.map { Message(.user, $0) },
            seed: seed,
            take: take)
    }

    @Test func inputBoundCountsBytesAndAFrameForEachMessage() {
        #expect(call([]).inputTokenBound == 0)
        #expect(call([""]).inputTokenBound == 16)
        #expect(call(["abc"]).inputTokenBound == 19)
        #expect(call(["é", "😀", "e\u{301}"]).inputTokenBound == 2 + 4 + 3 + 3 * 16)
    }

    @Test func eachTakeMovesTheSeedOnByOne() {
        #expect(call(seed: nil, take: 3).takeSeed == nil)
        #expect(call(seed: 7).takeSeed == 7)
        #expect(call(seed: 7, take: 3).takeSeed == 9)
    }

    @Test func takesBelowTheFirstHaveItsSeed() {
        #expect(call(seed: 7, take: 0).takeSeed == 7)
        #expect(call(seed: 7, take: .min).takeSeed == 7)
    }

    @Test func seedWrapsAroundAtItsEnd() {
        #expect(call(seed: .max, take: 2).takeSeed == 0)
        #expect(call(seed: .max, take: 4).takeSeed == 2)
        #expect(call(seed: 1, take: .max).takeSeed == UInt64(Int.max))
    }
}
