import Core
import Foundation
import TestKit
import Testing

@testable import Workspace

@Suite struct BinTests {
    private let fixture: WorkspaceFixture
    private let workspace: Workspace
    private let bin: Bin
    private var time: ManualTime { fixture.time }

    init() throws {
        fixture = try WorkspaceFixture()
        workspace = try fixture.create()
        bin = Bin(workspace, time: fixture.time)
    }

    private func scene(_ title: String) -> Artifact {
        Artifact(id: "pier", type: "scene", data: ["title": JSONValue(title)])
    }

    private func discard(_ store: any StateStore) throws {
        try store.discard("pier", stamp: try #require(try store.artifact("pier", .hot)).stamp, into: bin)
    }

    private var stores: [any StateStore] {
        [
            fixture.store(workspace), SQLiteStore(workspace, time: time),
            MemoryStore(workspace.info, time: time),
        ]
    }

    @Test func everyStoreMovesIntoTheBinAndBack() throws {
        for store in stores {
            try store.write(scene("Fog"), .hot, over: nil)
            try discard(store)
            #expect(try store.artifact("pier", .hot) == nil)
            #expect(try bin.all().map(\.id) == ["pier"])
            #expect(try store.bringBack("pier", from: bin) == scene("Fog"))
            #expect(try store.artifact("pier", .hot) == scene("Fog"))
            #expect(try bin.all().isEmpty)
            try store.remove("pier", .hot, stamp: scene("Fog").stamp)
        }
    }

    @Test func whatWasDeletedLastComesBackFirstAndNothingIsReplaced() throws {
        for store in stores {
            for title in ["First", "Second"] {
                try store.write(scene(title), .hot, over: nil)
                try discard(store)
            }
            #expect(try store.bringBack("pier", from: bin) == scene("Second"))
            let error = #expect(throws: WorkspaceError.self) { try store.bringBack("pier", from: bin) }
            #expect(error?.code == .exists)
            #expect(try store.artifact("pier", .hot) == scene("Second") && bin.all().count == 1)
            try store.remove("pier", .hot, stamp: scene("Second").stamp)
            #expect(try store.bringBack("pier", from: bin) == scene("First"))
            try store.remove("pier", .hot, stamp: scene("First").stamp)
            let none = #expect(throws: WorkspaceError.self) { try store.bringBack("pier", from: bin) }
            #expect(none?.code == .missing)
        }
    }

    @Test func whatSomebodyChangedMeanwhileIsNotDeleted() throws {
        for store in stores {
            try store.write(scene("Theirs"), .hot, over: nil)
            let error = #expect(throws: WorkspaceError.self) {
                try store.discard("pier", stamp: scene("Mine").stamp, into: bin)
            }
            #expect(error?.code == .conflict)
            #expect(try store.artifact("pier", .hot) == scene("Theirs") && bin.all().isEmpty)
        }
    }

    @Test func filesKeepTheirBytesAndBothOfOneIDAreMoved() throws {
        let store = fixture.store(workspace)
        let odd = #"{ "type":"scene","data":{"n":1e21},  "metadata":{"id":"pier","modified":"2026-02-02"} }"#
        try fixture.write(odd, to: ".questfoundry/hot/scenes/pier.json")
        try fixture.write(#"{"type": "note", "data": {}}"#, to: ".questfoundry/hot/other/pier.json")
        try discard(store)
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.paths.bin).sorted()
        #expect(names.count == 2)
        #expect(try fixture.text(".questfoundry/bin/\(names[1])") == odd)
        #expect(try store.bringBack("pier", from: bin).type == "scene")
    }

    @Test func binIsPurgedAfterThirtyDays() throws {
        let store = fixture.store(workspace)
        try store.write(scene("Old"), .hot, over: nil)
        try discard(store)
        try fixture.write("mine", to: ".questfoundry/bin/notes.txt")
        try fixture.write("{}", to: ".questfoundry/bin/99999999999999999999-x.json")
        time.advance(seconds: 30 * 86_400 - 1)
        try store.write(scene("New"), .hot, over: nil)
        try discard(store)
        try bin.purge()
        #expect(try bin.all().count == 2)
        time.advance(seconds: 1)
        try bin.purge()
        #expect(try bin.all().count == 1)
        #expect(try store.bringBack("pier", from: bin) == scene("New"))
        // What nobody deleted is not the bin's to remove.
        let left = try FileManager.default.contentsOfDirectory(atPath: workspace.paths.bin).sorted()
        #expect(left == ["99999999999999999999-x.json", "notes.txt"])
    }

    @Test func binThatLeadsElsewhereIsRefusedAndNothingIsLost() throws {
        let elsewhere = fixture.folder.file("elsewhere")
        try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: workspace.paths.bin, withDestinationPath: elsewhere)
        for store in stores {
            try store.write(scene("Fog"), .hot, over: nil)
            let error = #expect(throws: WorkspaceError.self) { try discard(store) }
            #expect(error?.code == .badName)
            #expect(try store.artifact("pier", .hot) == scene("Fog"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }

    @Test func namesThatArePathsAreNoEntries() {
        for name in ["1-../x.json", "1-a/b.json", "1-.json", "x-a.json", "-1-a.json", "01-a.json", "1-a"] {
            #expect(BinEntry(name: name, keptFor: 1) == nil, "\(name)")
        }
        #expect(BinEntry(name: "12-a-b.json", keptFor: 1)?.id == "a-b")
    }
}

@Suite struct ThematicUnitIDTests {
    private let moment = ManualTime().now()
    private let day = LocalTimestamp.text(of: ManualTime().now()).prefix(10)

    private func id(_ title: String, besides taken: Set<String> = []) -> String {
        ThematicUnit.newID(for: title, at: moment, besides: taken)
    }

    @Test func idHoldsTheDateCapitalsAndANumber() {
        #expect(id("The Lantern Archive") == "TU-\(day)-TLA01")
        #expect(id("ferry") == "TU-\(day)-FER01")
        for title in ["", "É", "灯", "a", "one two three four five six", "../../x", "\u{202E}"] {
            #expect(id(title).wholeMatch(of: /TU-\d{4}-\d\d-\d\d-[A-Z]{2,4}\d\d/) != nil, "\(id(title))")
        }
    }

    @Test func idIsNoneOfThoseTaken() {
        var taken: Set<String> = []
        for _ in 0..<300 { #expect(taken.insert(id("The Lantern Archive", besides: taken)).inserted) }
        #expect(taken.contains("TU-\(day)-TLA99") && taken.contains("TU-\(day)-TLAA01"))
        #expect(taken.allSatisfy { $0.wholeMatch(of: /TU-\d{4}-\d\d-\d\d-[A-Z]{2,4}\d\d/) != nil })
    }

    @Test func localTimesAreReadAsTheyAreWritten() {
        #expect(LocalTimestamp.wall(of: LocalTimestamp.text(of: moment)) == moment.wall / 1_000_000 * 1_000_000)
        for text in ["", "yesterday", "2026-11-24", "2026-11-24T12", "9999999999-1-1T1:1:1"] {
            #expect(LocalTimestamp.wall(of: text) == nil, "\(text)")
        }
    }
}
