import Core
public import TestKit
public import Testing
public import Workspace

/// What every ``StateStore`` keeps its word on. Each test target runs it against the stores that it knows.
public struct StateStoreContract: Sendable {
    /// A store that is new, with a project called Ferry.
    let store: any StateStore
    let time: ManualTime

    public init(_ store: any StateStore, time: ManualTime) {
        self.store = store
        self.time = time
    }

    public struct Promise: Sendable, CustomTestStringConvertible {
        public let testDescription: String
        public let check: @Sendable (StateStoreContract) async throws -> Void
    }

    public static let promises: [Promise] = [
        Promise(testDescription: "what was written is read") { try $0.whatWasWrittenIsRead() },
        Promise(testDescription: "every value comes back as it was") { try $0.everyValueComesBack() },
        Promise(testDescription: "hot and cold are apart") { try $0.hotAndColdAreApart() },
        Promise(testDescription: "a writer who has not seen the last change is refused") {
            try $0.lateWriterIsRefused()
        },
        Promise(testDescription: "writers at once lose nothing silently") { try await $0.writersAtOnceLoseNothing() },
        Promise(testDescription: "what was removed is gone") { try $0.whatWasRemovedIsGone() },
        Promise(testDescription: "changes are made together") { try $0.changesAreMadeTogether() },
        Promise(testDescription: "one change that does not fit stops all of them") {
            try $0.oneThatDoesNotFitStopsAll()
        },
        Promise(testDescription: "ids that are paths are refused") { try $0.pathsAreRefused() },
        Promise(testDescription: "lists are filtered, ordered and paged") { try $0.listsAreFilteredOrderedAndPaged() },
        Promise(testDescription: "an unknown filter is an error") { try $0.unknownFilterIsAnError() },
        Promise(testDescription: "drafts count revisions") { try $0.draftsCountRevisions() },
        Promise(testDescription: "what somebody edited stays") { try $0.whatSomebodyEditedStays() },
        Promise(testDescription: "units are kept") { try $0.unitsAreKept() },
        Promise(testDescription: "a snapshot is written once and holds what it held") { try $0.snapshotsHold() },
        Promise(testDescription: "history tells of finished artifacts and snapshots") { try $0.historyTells() },
        Promise(testDescription: "the project is kept") { try $0.projectIsKept() },
    ]

    private func scene(_ id: String, _ title: String = "Pier", status: String = "draft") -> Artifact {
        Artifact(
            id: id, type: "scene", data: ["title": JSONValue(title), "status": JSONValue(status)],
            metadata: JSONObject([
                ("author", "scene_smith"), ("modified", JSONValue("2026-01-0\(title.count % 9 + 1)T00:00:00")),
            ]))
    }

    private func whatWasWrittenIsRead() throws {
        #expect(try store.artifact("pier", .hot) == nil)
        let first = scene("pier")
        try store.write(first, .hot, over: nil)
        #expect(try store.artifact("pier", .hot) == first)
        let second = scene("pier", "Old pier")
        try store.write(second, .hot, over: first.stamp)
        #expect(try store.artifact("pier", .hot) == second)
        #expect(try store.artifacts(ofType: "scene") == [second])
        #expect(try store.artifacts(ofType: "canon").isEmpty)
        #expect(!store.place(of: second, .hot).isEmpty)
    }

    private func everyValueComesBack() throws {
        let text = #"""
            {"z":9007199254740993,"a":1e21,"m":-2.5e-9,"b":[-0.0,1,1.0],"e":"","n":null,"o":{},"l":[[]],"u":"\ud800",
            "t":"\#u{5E9}\#u{200F}\#u{200D}\u001b\u0000","f":[true,false]}
            """#
        for (index, temperature) in Temperature.allCases.enumerated() {
            var metadata = try #require(try JSONValue(parsing: text).object)
            metadata["created"] = "2026-01-01T00:00:00.000001"
            let artifact = Artifact(
                id: "odd-\(index)", type: "any_type", data: try JSONValue(parsing: text), metadata: metadata)
            try store.write(artifact, temperature, over: nil)
            let found = try #require(try store.artifact(artifact.id, temperature))
            #expect(found.data.text() == artifact.data.text())
            #expect(JSONValue.object(found.metadata).text() == JSONValue.object(artifact.metadata).text())
            #expect(found.stamp == artifact.stamp)
        }
        let numbers = Artifact(
            id: "numbers", type: "any_type", data: try JSONValue(parsing: "[NaN,Infinity,-Infinity]"))
        for temperature in Temperature.allCases {
            try store.write(numbers, temperature, over: nil)
            #expect(try store.artifact("numbers", temperature)?.data.text() == "[NaN,Infinity,-Infinity]")
        }
    }

    private func hotAndColdAreApart() throws {
        let (hot, cold) = (scene("pier", "Hot"), scene("pier", "Cold one"))
        try store.write(hot, .hot, over: nil)
        #expect(try store.artifact("pier", .cold) == nil)
        try store.write(cold, .cold, over: nil)
        #expect(try store.artifact("pier", .hot) == hot)
        #expect(try store.artifact("pier", .cold) == cold)
        let both = try store.artifacts(ArtifactQuery())
        #expect(both.summaries.map(\.title) == ["Cold one", "Hot"] && both.total == 2 && both.problems.isEmpty)
        #expect(try store.artifacts(ArtifactQuery(temperature: .cold)).summaries.map(\.temperature) == [.cold])
        #expect(try store.artifacts(ofType: "scene", .cold) == [cold])
        #expect(try store.artifacts(ofType: nil, .hot) == [hot])
    }

    private func lateWriterIsRefused() throws {
        for temperature in Temperature.allCases {
            let first = scene("pier")
            try store.write(first, temperature, over: nil)
            let theirs = scene("pier", "Theirs")
            try store.write(theirs, temperature, over: first.stamp)
            for stamp in [nil, first.stamp] {
                let error = #expect(throws: WorkspaceError.self) {
                    try store.write(scene("pier", "Mine"), temperature, over: stamp)
                }
                #expect(error?.code == .conflict)
                #expect(error?.message.contains("pier") == true && error?.message.contains("scene_smith") == true)
            }
            let error = #expect(throws: WorkspaceError.self) {
                try store.remove("pier", temperature, stamp: first.stamp)
            }
            #expect(error?.code == .conflict)
            #expect(try store.artifact("pier", temperature) == theirs)
        }
        let gone = #expect(throws: WorkspaceError.self) {
            try store.write(scene("nowhere"), .hot, over: scene("nowhere").stamp)
        }
        #expect(gone?.code == .conflict && gone?.message.contains("was removed") == true)
    }

    private func writersAtOnceLoseNothing() async throws {
        let count = 16
        let outcomes = try await withThrowingTaskGroup(of: DraftOutcome.self) { group in
            for index in 0..<count {
                group.addTask { try store.keep(draft("Fog \(index)"), at: time.now()).outcome }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: .written, count: count))
        #expect(try store.artifact("hook", .hot)?.revision == count)
    }

    private func whatWasRemovedIsGone() throws {
        for temperature in Temperature.allCases {
            let artifact = scene("pier")
            try store.write(artifact, temperature, over: nil)
            try store.remove("pier", temperature, stamp: artifact.stamp)
            #expect(try store.artifact("pier", temperature) == nil)
            #expect(try store.artifacts(ArtifactQuery(temperature: temperature)).total == 0)
            try store.write(artifact, temperature, over: nil)
            #expect(try store.artifact("pier", temperature) == artifact)
        }
    }

    private func changesAreMadeTogether() throws {
        let (pier, fog, old) = (scene("pier"), scene("fog"), scene("old"))
        try store.write(pier, .hot, over: nil)
        try store.write(old, .cold, over: nil)
        let next = scene("old", "Older")
        try store.make([])
        try store.make([
            .remove(id: "pier", .hot, stamp: pier.stamp), .write(pier, .cold, over: nil), .write(fog, .hot, over: nil),
            .write(next, .cold, over: old.stamp),
        ])
        #expect(try store.artifact("pier", .hot) == nil && store.artifact("pier", .cold) == pier)
        #expect(try store.artifact("fog", .hot) == fog && store.artifact("old", .cold) == next)
        #expect(try store.artifacts(ArtifactQuery()).summaries.map(\.id).sorted() == ["fog", "old", "pier"])
        #expect(try store.history().map(\.action) == ["create", "create", "update"])
    }

    private func oneThatDoesNotFitStopsAll() throws {
        let (pier, fog) = (scene("pier"), scene("fog"))
        try store.write(pier, .hot, over: nil)
        try store.write(fog, .cold, over: nil)
        let fitting: [StateChange] = [
            .write(scene("new"), .cold, over: nil), .remove(id: "pier", .hot, stamp: pier.stamp),
        ]
        for temperature in Temperature.allCases {
            let late = StateChange.write(scene("fog", "Late"), temperature, over: scene("fog", "Unseen").stamp)
            let error = #expect(throws: WorkspaceError.self) { try store.make(fitting + [late]) }
            #expect(error?.code == .conflict && error?.message.contains("fog") == true)
        }
        let error = #expect(throws: WorkspaceError.self) {
            try store.make(fitting + [.write(scene("../fog"), .hot, over: nil)])
        }
        #expect(error?.code == .badName)
        #expect(try store.artifact("pier", .hot) == pier && store.artifact("new", .cold) == nil)
        #expect(try store.artifact("fog", .cold) == fog && store.artifact("fog", .hot) == nil)
    }

    private func pathsAreRefused() throws {
        for id in [
            "", ".", "..", "../x", "../../x", "a/b", "/etc/passwd", "a\0b", "a\nb", String(repeating: "a", count: 300),
        ] {
            for temperature in Temperature.allCases {
                let error = #expect(throws: WorkspaceError.self) {
                    try store.write(scene(id), temperature, over: nil)
                }
                #expect(error?.code == .badName)
                #expect(try store.artifact(id, temperature) == nil)
            }
            let units = #expect(throws: WorkspaceError.self) {
                try store.save(ThematicUnit(id: id, status: "open", at: time.now()))
            }
            #expect(units?.code == .badName)
        }
        for id in ["a", "A", "x y", "日本語", "a..b"] { try store.write(scene(id), .hot, over: nil) }
        #expect(try store.artifacts(ofType: "scene").map(\.id) == ["A", "a", "a..b", "x y", "日本語"])
    }

    private func listsAreFilteredOrderedAndPaged() throws {
        for (index, id) in ["c", "a", "d", "b"].enumerated() {
            let title = String(repeating: "x", count: index + 1)
            try store.write(scene(id, title, status: index < 2 ? "draft" : "done"), .hot, over: nil)
        }
        try store.write(Artifact(id: "canon", type: "canon", data: ["name": "Fog"]), .hot, over: nil)
        var query = ArtifactQuery(temperature: .hot, type: "scene")
        #expect(try store.artifacts(query).summaries.map(\.id) == ["a", "b", "c", "d"])
        query.order = .modified
        #expect(try store.artifacts(query).summaries.map(\.id) == ["b", "d", "a", "c"])
        (query.first, query.atMost) = (1, 2)
        let page = try store.artifacts(query)
        #expect(page.summaries.map(\.id) == ["d", "a"] && page.total == 4)
        try query.filter("status", is: "done")
        (query.first, query.atMost) = (0, .max)
        let done = try store.artifacts(query)
        #expect(done.summaries.map(\.id) == ["b", "d"])
        let summary = try #require(done.summaries.first)
        #expect(summary.title == "xxxx" && summary.writer == "scene_smith" && summary.fields[.status] == "done")
        var named = ArtifactQuery()
        try named.filter("name", is: "Fog")
        #expect(try store.artifacts(named).summaries.map(\.id) == ["canon"])
        (query.first, query.atMost) = (99, 1)
        #expect(try store.artifacts(query).summaries.isEmpty)
    }

    private func unknownFilterIsAnError() throws {
        var query = ArtifactQuery()
        let error = #expect(throws: WorkspaceError.self) { try query.filter("colour", is: "red") }
        #expect(error?.code == .unknownFilter && error?.message.contains("status") == true)
    }

    private func draft(_ title: String, step: String = "story_spark/collect_hooks") -> ArtifactDraft {
        ArtifactDraft(
            id: "hook", type: "hook_card", data: ["title": JSONValue(title)], author: "plotwright", step: step,
            provenance: JSONObject([("model", "gpt-4o")]))
    }

    private func draftsCountRevisions() throws {
        let first = try store.keep(draft("Fog"), at: time.now())
        #expect(first.outcome == .written && first.artifact.revision == 1)
        time.advance(seconds: 5)
        #expect(try store.keep(draft("Fog"), at: time.now()) == (first.artifact, .unchanged))
        let second = try store.keep(draft("Thick fog"), at: time.now())
        #expect(second.outcome == .written && second.artifact.revision == 2)
        #expect(second.artifact.metadata["created"] == first.artifact.metadata["created"])
        #expect(second.artifact.modified > first.artifact.modified)
        #expect(try store.artifact("hook", .hot) == second.artifact)
    }

    private func whatSomebodyEditedStays() throws {
        let mine = Artifact(id: "hook", type: "hook_card", data: ["title": "By hand"])
        try store.write(mine, .hot, over: nil)
        #expect(try store.keep(draft("Fog"), at: time.now()) == (mine, .editedOutside))
        #expect(try store.artifact("hook", .hot) == mine)
    }

    private func unitsAreKept() throws {
        #expect(try store.units().isEmpty && store.unit("TU-1") == nil)
        let first = ThematicUnit(
            id: "TU-1", status: "any status", snapshotID: "none such", data: ["n": 9_007_199_254_740_993],
            at: time.now())
        try store.save(first)
        time.advance(seconds: 1)
        let second = ThematicUnit(id: "TU-2", status: "stabilizing", at: time.now())
        try store.save(second)
        #expect(try store.unit("TU-1") == first)
        #expect(try store.units() == [second, first])
    }

    private func snapshotsHold() throws {
        let held = [scene("b", "Second"), scene("a", "First")]
        let snapshot = Snapshot(id: "SNAP-1", unit: "TU-1", description: "before the storm", at: time.now())
        try store.add(snapshot, holding: held)
        #expect(try store.snapshots() == [snapshot])
        #expect(try store.contents(ofSnapshot: "SNAP-1") == [held[1], held[0]])
        #expect(try store.contents(ofSnapshot: "SNAP-2").isEmpty)
        let error = #expect(throws: WorkspaceError.self) { try store.add(snapshot, holding: []) }
        #expect(error?.code == .exists)
        #expect(try store.contents(ofSnapshot: "SNAP-1").count == 2)
        time.advance(seconds: 1)
        let later = Snapshot(id: "SNAP-2", unit: "TU-1", description: "", at: time.now())
        try store.add(later, holding: [])
        #expect(try store.snapshots() == [later, snapshot])
    }

    private func historyTells() throws {
        let first = scene("pier")
        try store.write(first, .cold, over: nil)
        try store.write(scene("pier", "Old"), .cold, over: first.stamp)
        try store.remove("pier", .cold, stamp: scene("pier", "Old").stamp)
        try store.write(first, .hot, over: nil)
        try store.add(Snapshot(id: "SNAP-1", unit: "TU-1", description: "d", at: time.now()), holding: [])
        let history = try store.history()
        #expect(history.map(\.action) == ["create", "update", "delete", "create"])
        #expect(history.map(\.entityID) == ["pier", "pier", "pier", "SNAP-1"])
        #expect(history.map(\.entityType) == ["artifact", "artifact", "artifact", "snapshot"])
        #expect(history[1].changes["data"]?["title"]?.string == "Old")
        try store.add(history[0])
        #expect(try store.history().last == history[0])
    }

    private func projectIsKept() throws {
        var project = try store.project()
        #expect(project.name == "Ferry")
        project.brief = "A ferry that counts"
        try store.save(project)
        #expect(try store.project() == project)
    }
}
