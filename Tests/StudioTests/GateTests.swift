import Core
import Testing

@testable import Studio

@Suite struct BarTests {
    private func bar(_ name: Bar.Name, _ pieces: [Story.Piece]) throws -> Bar {
        try #require(Gate(Story(pieces)).bars.first { $0.name == name })
    }

    @Test func aSoundStoryIsGreenThroughout() {
        let bars = Gate(Story(Pieces.sound)).bars
        #expect(bars.map(\.status) == Array(repeating: .green, count: 7), "\(bars)")
        #expect(bars.map(\.basis) == Array(repeating: .computed, count: 7))
        #expect(!bars.contains { $0.name == .style })
    }

    @Test func noSceneIsYellowAndNeverGreen() {
        let bars = Gate(Story([Story.Piece]())).bars
        #expect(bars.allSatisfy { $0.status == .yellow && $0.findings[0].contains("nothing to check") })
    }

    static let faults: [(bar: Bar.Name, status: Bar.Status, says: [String], pieces: [Story.Piece])] = [
        (.integrity, .red, ["A “Part A”, choice 1 “To X”", "leads to X"], [Pieces.scene("A", "X")]),
        (.integrity, .red, ["A", "no choice and is no ending"], [Pieces.scene("A")]),
        (.integrity, .red, ["A", "no text"], [Pieces.scene("A", text: " ", adding: [("ending", true)])]),
        (.integrity, .red, ["A", "id of another"], [Pieces.ending("A"), Pieces.ending("A")]),
        (.integrity, .red, ["choice 1", "leads nowhere"], [Pieces.scene("A", adding: [("choices", ["Jump"])])]),
        (
            .integrity, .yellow, ["choice 1", "no words"],
            [Pieces.scene("A", adding: [("choices", [["target": "B"]])]), Pieces.ending("B")]
        ),
        (.reachability, .red, ["B", "cannot be come to from A"], [Pieces.ending("A"), Pieces.ending("B")]),
        (
            .reachability, .red, ["B", "keystone"],
            [Pieces.ending("A"), Pieces.ending("B", adding: [("keystone", true)])]
        ),
        (.reachability, .red, ["no ending"], [Pieces.scene("A", "A")]),
        (
            .nonlinearity, .yellow, ["more than one"],
            [Pieces.scene("A", "B", "B"), Pieces.scene("B", "C"), Pieces.ending("C")]
        ),
        (
            .nonlinearity, .yellow, ["A, B", "changes nothing"],
            [Pieces.scene("A", "B", "C"), Pieces.scene("B", "A"), Pieces.ending("C")]
        ),
        (
            .nonlinearity, .red, ["nothing leads out of B"],
            [Pieces.scene("A", "B", "C"), Pieces.scene("B", "B"), Pieces.ending("C")]
        ),
        (
            .gateways, .red, ["A", "choice 2", "“key”", "nothing sets"],
            [Pieces.scene("A", "B", "C?key"), Pieces.ending("B"), Pieces.ending("C")]
        ),
        (
            .gateways, .red, ["C", "stuck", "“key”"],
            [
                Pieces.scene("A", "B", "C"), Pieces.scene("B", "C", sets: ["key"]), Pieces.scene("C", "D?key"),
                Pieces.ending("D"),
            ]
        ),
        (
            .presentation, .yellow, ["codeword"],
            [Pieces.scene("A", text: "Note the Codeword LAMP.", adding: [("ending", true)])]
        ),
        (
            .presentation, .red, ["go to section 5"],
            [Pieces.scene("A", text: "Now go to Section 5.", adding: [("ending", true)])]
        ),
        (.presentation, .red, ["state ="], [Pieces.scene("A", text: "Set state = wet.", adding: [("ending", true)])]),
        (
            .presentation, .red, ["SCENE-2", "choice 1"],
            [
                Pieces.scene("A", adding: [("choices", [["label": "To SCENE-2", "target": "SCENE-2"]])]),
                Pieces.ending("SCENE-2"),
            ]
        ),
        (
            .presentation, .red, ["CODEX", "turn to page 9"],
            [Pieces.ending("A"), Story.Piece("CODEX", type: "codex_entry", ["text": "Turn to page 9"])]
        ),
        (
            .accessibility, .red, ["ART", "alt text"],
            [Pieces.ending("A"), Story.Piece("ART", type: "art_render", [:])]
        ),
        (
            .accessibility, .red, ["CUE", "cannot hear"],
            [Pieces.ending("A"), Story.Piece("CUE", type: "audio_asset", [:])]
        ),
        (
            .determinism, .red, ["ART", "seed and settings"],
            [Pieces.ending("A"), Story.Piece("ART", type: "art_render", ["model": "m"])]
        ),
        (
            .determinism, .yellow, ["ART", "without a seed"],
            [
                Pieces.ending("A"),
                Story.Piece("ART", type: "art_render", ["model": "m", "seed": .null, "settings": [:]]),
            ]
        ),
    ]

    @Test(arguments: faults.indices)
    func everyFaultIsFoundAndNamed(index: Int) throws {
        let fault = Self.faults[index]
        let bar = try bar(fault.bar, fault.pieces)
        #expect(bar.status == fault.status, "\(bar)")
        #expect(fault.says.allSatisfy { words in bar.findings.contains { $0.contains(words) } }, "\(bar)")
    }

    @Test func whatIsAsItShouldBeIsNoFault() throws {
        let art = Story.Piece(
            "ART", type: "art_render", ["alt_text": "A lamp", "seed": 7],
            metadata: [("provenance", ["model": "m"]), ("settings", ["size": "small"])])
        let prose = Pieces.scene(
            "A", text: "Go to the section of the wall with 5 lamps. The state of it! 1 + 1 = 2.",
            adding: [("ending", true)])
        let bars = Gate(Story([prose, art])).bars
        #expect(bars.allSatisfy { $0.status == .green }, "\(bars)")
        #expect(try bar(.nonlinearity, [Pieces.scene("A", "B"), Pieces.ending("B")]).status == .green)
    }

    @Test func findingsAreBoundedAndSayHowManyMoreThereAre() throws {
        let bar = try bar(.integrity, (0..<60).map { Pieces.scene("S\($0)", "NOWHERE-\($0)") })
        #expect(bar.findings.count == 51 && bar.findings.last == "and 10 more")
    }

    @Test func findingsShowNothingThatSteersATerminal() throws {
        let scene = Story.Piece(
            "A", type: "scene", ["title": "\u{1B}[31mred\u{202E}", "choices": [["label": "a\nb", "target": "\u{7}"]]])
        let findings = try bar(.integrity, [scene]).findings.joined()
        #expect(!findings.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
    }
}

@Suite struct GateTests {
    private let sound = Gate(Story(Pieces.sound))

    private func judged(_ bars: [(String, String)], decision: String = "pass") -> JSONObject {
        let bars = bars.map { name, status -> JSONValue in
            ["bar": JSONValue(name), "status": JSONValue(status), "findings": [JSONValue("so says the model")]]
        }
        return JSONObject([("decision", JSONValue(decision)), ("bars", .array(bars)), ("summary", "S")])
    }

    private func bar(_ name: String, _ report: JSONObject) -> JSONValue? {
        report["bars"]?.array?.first { $0["bar"]?.string == name }
    }

    @Test func aReportHasAllEightBarsInOrderWithTheirBasis() {
        let report = sound.report(from: judged([("Style", "green"), ("integrity", "green")]))
        #expect(report["bars"]?.array?.map { $0["bar"]?.string } == Bar.Name.allCases.map(\.rawValue))
        #expect(
            report["bars"]?.array?.map { $0["basis"]?.string } == [
                "both", "computed", "computed", "computed", "judged", "computed", "computed", "computed",
            ])
        #expect(report["decision"] == "pass" && report["summary"] == "S")
    }

    @Test func theStricterOfComputedAndJudgedWins() {
        let stricter = sound.report(from: judged([("style", "green"), ("integrity", "red")]))
        #expect(bar("integrity", stricter)?["status"] == "red" && stricter["decision"] == "block")
        let broken = Gate(Story([Pieces.scene("A", "X")]))
        let milder = broken.report(from: judged([("style", "green"), ("integrity", "green")]))
        #expect(bar("integrity", milder)?["status"] == "red" && milder["decision"] == "block")
        #expect(bar("integrity", milder)?["findings"]?.array?.count == 2)
    }

    @Test func whatCanBeComputedIsNoMatterOfOpinion() {
        let report = sound.report(
            from: judged([("style", "green"), ("reachability", "red"), ("Non-linearity", "red")]))
        #expect(bar("reachability", report)?["status"] == "green" && bar("nonlinearity", report)?["status"] == "green")
        #expect(report["decision"] == "pass")
    }

    @Test func styleThatNobodyJudgedIsYellow() {
        let report = sound.report(from: judged([]))
        #expect(bar("style", report)?["status"] == "yellow" && report["decision"] == "conditional_pass")
    }

    @Test func theStricterDecisionCounts() {
        let report = sound.report(from: judged([("style", "green")], decision: "block"))
        #expect(report["decision"] == "block")
    }

    @Test func noSceneIsAConditionalPassAtBest() {
        let report = Gate(artifacts: []).report(from: judged([("style", "green")]))
        #expect(report["decision"] == "conditional_pass")
    }
}
