import Foundation
import TestKit
import Testing

@testable import Terminal

@Suite struct ThemeShelfTests {
    private let folder: TemporaryFolder
    private let shelf: ThemeShelf

    init() throws {
        folder = try TemporaryFolder()
        shelf = ThemeShelf(folder: folder.path)
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }

    @Test func ownThemesStandBehindTheBuiltInOnes() throws {
        try write("styles: {accent: {bold: true}}", "zinc.yml")
        try write("about: mine", "amber.yml")
        try write("not a theme", "notes.txt")
        #expect(shelf.entries.map(\.name) == Theme.builtInNames + ["amber", "zinc"])
        let zinc = try #require(try shelf.theme(named: "zinc"))
        #expect(zinc.name == "zinc" && zinc.accent.bold && zinc.text == Theme.builtIn("foundry")?.text)
    }

    @Test func aFileCalledLikeABuiltInThemeChangesThatOne() throws {
        try write("styles: {accent: {underline: true}}", "parchment.yml")
        let theme = try #require(try shelf.theme(named: "parchment"))
        #expect(theme.accent.underline && theme.text == Theme.builtIn("parchment")?.text)
        #expect(shelf.entries.map(\.name) == Theme.builtInNames)
        #expect(shelf.entries.first { $0.name == "parchment" }?.path == folder.file("parchment.yml"))
    }

    @Test func brokenFilesTellTheirPlaceAndTheOthersStay() throws {
        try write("about: fine", "fine.yml")
        try write("styles:\n  sidebar: {bold: true}\n", "broken.yml")
        try FileManager.default.createDirectory(atPath: folder.file("folder.yml"), withIntermediateDirectories: true)
        try Data([0x61, 0xFF]).write(to: URL(filePath: folder.file("bytes.yml")))
        try write(String(repeating: "# long\n", count: 20_000), "long.yml")
        let entries = Dictionary(uniqueKeysWithValues: shelf.entries.map { ($0.name, $0) })
        #expect(entries["fine"]?.theme != nil)
        #expect(
            entries["broken"]?.problem?.contains("themes/broken.yml, line 2, column 3: unknown style `sidebar`") == true
        )
        #expect(entries["folder"]?.problem?.contains("is no regular file") == true)
        #expect(entries["bytes"]?.problem?.contains("is not UTF-8") == true)
        #expect(entries["long"]?.problem?.contains("larger than 64 KiB") == true)
        #expect(throws: ThemeError.self) { try shelf.theme(named: "broken") }
    }

    @Test func aNameIsNeverAPath() throws {
        try write("about: outside", "outside.yml")
        let inner = ThemeShelf(folder: folder.file("themes"))
        for name in ["../outside", "/etc/passwd", "", ".", "nosuch"] { #expect(try inner.theme(named: name) == nil) }
    }

    @Test func theFolderIsTheUsersConfiguration() {
        #expect(
            ThemeShelf.ofUser(environment: ["HOME": "/home/mara"]).folder == "/home/mara/.config/questfoundry/themes")
        let set = ["HOME": "/home/mara", "XDG_CONFIG_HOME": "/etc/mara"]
        #expect(ThemeShelf.ofUser(environment: set).folder == "/etc/mara/questfoundry/themes")
        let relative = ["HOME": "/home/mara", "XDG_CONFIG_HOME": "mara"]
        #expect(ThemeShelf.ofUser(environment: relative).folder == "/home/mara/.config/questfoundry/themes")
    }
}
