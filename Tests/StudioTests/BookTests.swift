import Core
import Foundation
import TestKit
import Testing
import Workspace

@testable import Studio

@Suite struct BindingTests {
    private func book(
        _ pieces: [Story.Piece], media: @escaping Binding.MediaReader = { _ in nil }
    ) throws -> Book {
        var binding = Binding(name: "Ferry", media: media)
        return try binding.book(of: pieces.map(\.artifact))
    }

    private func reasons(_ book: Book) -> [String: String] {
        Dictionary(book.leftOut.map { ($0.id, $0.reason) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func aBookHoldsWhatIsForPlayersAndSaysWhatIsNot() throws {
        let book = try book(
            Pieces.sound + [
                Story.Piece("HOOK", type: "hook_card", ["title": "Secret"]),
                Story.Piece("CANON", type: "canon_pack", [:], metadata: [("player_safe", true)]),
                Story.Piece("C1", type: "codex_entry", ["title": "Lamp", "text": "It burns."]),
                Story.Piece(
                    "C2", type: "codex_entry", ["name": "Fog", "body": "Wet."], metadata: [("player_safe", true)]),
                Story.Piece("S", type: "scene", ["ending": true], metadata: [("player_safe", false)]),
                Story.Piece("R", type: "scene", [:], metadata: [("needs_review", "cut off")]),
                Story.Piece(
                    "F", type: "front_matter", ["title": "Low Water", "author": "M. Reed", "language": "pt-BR"]),
            ])
        #expect(book.scenes.map(\.id) == ["A", "B", "C", "D", "E"])
        #expect(book.codex.map(\.title) == ["Fog"])
        #expect(book.title == "Low Water" && book.author == "M. Reed" && book.language == "pt-BR")
        let reasons = reasons(book)
        #expect(Set(reasons.keys) == ["HOOK", "CANON", "C1", "S", "R"])
        #expect(
            reasons["CANON"]?.contains("never for players") == true && reasons["C1"]?.contains("not marked") == true)
    }

    @Test func unmarkedScenesHaveToPassTheGate() throws {
        let broken = [Pieces.scene("A", "X"), Pieces.ending("B")]
        let error = #expect(throws: BookError.self) { try book(broken) }
        #expect(error?.message.contains("integrity") == true && error?.message.contains("A") == true)
        let marked = broken.map { piece in
            var piece = piece
            piece.metadata["player_safe"] = true
            return piece
        }
        let bound = try book(marked)
        #expect(bound.scenes.count == 2)
        #expect(bound.leftOut.map(\.reason).contains { $0.contains("choice 1 to X") })
    }

    @Test func nothingForPlayersIsAnErrorThatSaysWhatToDo() {
        let error = #expect(throws: BookError.self) { try book([Story.Piece("HOOK", type: "hook_card", [:])]) }
        #expect(error?.message.contains("gatecheck") == true)
    }

    @Test func aSceneKeepsItsPictures() throws {
        let book = try book(
            Pieces.sound + [
                Story.Piece(
                    "ART", type: "art_render",
                    ["scene": "B", "alt_text": "A lamp", "seed": 1, "model": "m", "settings": [:]]),
                Story.Piece(
                    "LOST", type: "art_render", ["scene": "B", "alt": "Fog", "seed": 1, "model": "m", "settings": [:]]),
            ]
        ) { $0 == "ART" ? ("image/png", [1, 2]) : nil }
        #expect(book.scenes[1].media == [.init(type: "image/png", bytes: [1, 2], alternative: "A lamp")])
        #expect(book.leftOut.map(\.id) == ["LOST"])
    }

    @Test func theIdentifierIsAStableUUID() throws {
        let identifier = try book(Pieces.sound).identifier
        #expect(UUID(uuidString: identifier) != nil && identifier == identifier.uppercased())
        var later = Pieces.sound
        later[1].data = ["text": "Another text.", "choices": [["label": "Go", "target": "C"]], "sets": ["lamp"]]
        #expect(try book(later).identifier == identifier)
    }

    @Test(arguments: [
        ("a\u{0}b\u{1B}c", "a\u{FFFD}b\u{FFFD}c"), ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
        ("\u{202E}x\u{2066}", "\u{FFFD}x\u{FFFD}"),
        ("می\u{200C}خواهم \u{200F}👩\u{200D}🚀", "می\u{200C}خواهم \u{200F}👩\u{200D}🚀"), ("tab\there\n", "tab\there\n"),
    ])
    func aBooksTextSteersNothing(text: String, expected: String) { #expect(text.bookText == expected) }
}

@Suite struct BookExportTests {
    @Test func aSessionWritesEveryFormatTwiceTheSame() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        for piece in Pieces.sound { try session.store.write(piece.artifact, .cold, over: nil) }
        let export = try session.exportBook(to: fixture.folder.file("out/deep"))
        #expect(export.files.map(\.format) == ["markdown", "html", "twee", "json"] && export.scenes == 5)
        for file in export.files {
            let first = try #require(FileManager.default.contents(atPath: file.path))
            #expect(first.count == file.bytes)
            _ = try session.exportBook(as: [file.format], to: fixture.folder.file("out/deep"))
            #expect(FileManager.default.contents(atPath: file.path) == first)
        }
        await session.close()
    }

    @Test func aSnapshotsBookHoldsWhatItHeld() async throws {
        let fixture = try StoryFixture()
        let session = try fixture.session()
        try session.store.write(Pieces.ending("LATER").artifact, .cold, over: nil)
        let snapshot = Snapshot(id: "SNAP-1", unit: "TU-1", description: "", at: fixture.time.now())
        try session.store.add(snapshot, holding: Pieces.sound.map(\.artifact))
        let book = try session.book(ofSnapshot: "SNAP-1")
        #expect(book.scenes.map(\.id) == ["A", "B", "C", "D", "E"])
        #expect(throws: WorkspaceError.self) { try session.book(ofSnapshot: "SNAP-2") }
        await session.close()
    }

    @Test func picturesComeFromTheMediaFolderAndNotThroughLinks() throws {
        let fixture = try StoryFixture()
        let media = fixture.workspace.paths.folder + "/media"
        try FileManager.default.createDirectory(atPath: media, withIntermediateDirectories: true)
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1]
        try Data(png).write(to: URL(filePath: media + "/ART.png"))
        try Data("<html>".utf8).write(to: URL(filePath: media + "/FAKE.png"))
        let folder = MediaFolder(fixture.workspace)
        #expect(try folder.medium(of: "ART") == Media(bytes: Data(png), type: .png))
        #expect(try folder.medium(of: "FAKE") == nil)
        #expect(try folder.medium(of: "../media/ART") == nil && folder.medium(of: "NONE") == nil)
        try FileManager.default.createSymbolicLink(atPath: media + "/LINK.png", withDestinationPath: media + "/ART.png")
        #expect(throws: WorkspaceError.self) { try folder.medium(of: "LINK") }
    }
}
