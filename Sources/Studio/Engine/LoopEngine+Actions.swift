import Core
import Foundation
import Workspace

/// What the program itself does in a step.
extension LoopEngine {
    mutating func act(
        _ action: ActionName, in step: Loop.Step, at index: Int, reading: [ReadableArtifact]
    ) async throws(RunError) {
        switch action {
        case .images, .audio: try await render(action, in: step, at: index, reading: reading)
        case .snapshot: try freeze(in: step)
        case .promote: try promote()
        case .views: try view(in: step)
        case .export: try export(in: step)
        }
    }

    /// What tells of the work and is no part of it: never frozen.
    private static let reports: Set<String> = [
        ReadableArtifact.noteType, ReadableArtifact.snapshotType, "gatecheck_report", "gate_decision",
        "playthrough_log",
        "pn_playtest_notes", "view", "view_log", "export_bundle", "archive_package", "post_mortem_report",
        "action_items", "front_matter",
    ]

    /// What becomes cold when it has passed the gate; the studio's own papers stay work in progress.
    private static let forReaders: Set<String> = [
        "scene", "manuscript_section", "codex_entry", "art_render", "audio_asset", "language_pack",
    ]

    /// What the run has written; of a run that has written nothing, all work in progress.
    func idsToFreeze() throws(RunError) -> [String] {
        let ids = shelf.all.filter { !Self.reports.contains($0.type) }.map(\.id)
        guard ids.isEmpty else { return ids }
        return try desk.artifactsInWork().filter { !Self.reports.contains($0.type) }.map(\.id)
    }

    private mutating func freeze(in step: Loop.Step) throws(RunError) {
        let ids = try idsToFreeze()
        guard !ids.isEmpty else { throw try nothingToRead(step) }
        let description = shelf.notes(of: step.name).last?.data["description"]?.string ?? ""
        let snapshot = try desk.state { store throws(WorkspaceError) in
            try Promotion(store: store, time: time).snapshot(ids, description: description)
        }
        emit(.notice(isError: false, text: "\(snapshot.id) holds \(ids.count) artifacts"))
        shelf.put(try desk.listing(of: snapshot))
    }

    /// Makes cold what the snapshot holds for readers.
    private mutating func promote() throws(RunError) {
        guard let snapshot = shelf.artifacts(ofType: ReadableArtifact.snapshotType).last else { return }
        let held = (snapshot.data["artifacts"]?.array ?? []).compactMap { entry -> String? in
            Self.forReaders.contains(entry["type"]?.string ?? "") ? entry["id"]?.string : nil
        }
        let promoted = try desk.state { store throws(WorkspaceError) in
            guard let whole = try store.snapshots().first(where: { $0.id == snapshot.id }) else { return 0 }
            return try Promotion(store: store, time: time).promote(held, into: whole).count
        }
        emit(.notice(isError: false, text: "\(promoted) artifacts have passed the gate and are cold"))
    }

    // MARK: - The book

    /// Writes down what a player may see.
    private mutating func view(in step: Loop.Step) throws(RunError) {
        let book = try boundBook()
        try finishFrontMatter(of: book)
        let scenes = book.scenes.map { scene -> JSONValue in
            [
                "id": JSONValue(scene.id), "title": JSONValue(scene.title), "text": JSONValue(scene.text),
                "choices": .array(
                    scene.choices.map {
                        ["label": JSONValue($0.label), "target": JSONValue(book.scenes[$0.target].id)]
                    }),
            ]
        }
        let codex = book.codex.map { ["title": JSONValue($0.title), "text": JSONValue($0.text)] as JSONValue }
        let data = JSONObject([
            ("title", JSONValue(book.title)), ("scenes", .array(scenes)), ("codex", .array(codex)),
            ("left_out", JSONValue(book.leftOut.count)),
        ])
        try keepOwn(data, type: "view", prefix: "VIEW", in: step)
    }

    /// Makes the front matter cold with which the book was bound.
    private func finishFrontMatter(of book: Book) throws(RunError) {
        guard let snapshot = shelf.seen(ofType: ReadableArtifact.snapshotType).last?.id,
            let matter = shelf.artifacts(ofType: "front_matter").last,
            !book.leftOut.contains(where: { $0.id == matter.id })
        else { return }
        try desk.state { store throws(WorkspaceError) in
            guard let whole = try store.snapshots().first(where: { $0.id == snapshot }) else { return }
            try Promotion(store: store, time: time).bind(matter.id, into: whole)
        }
    }

    /// Writes the book's files, the page that plays offline always among them.
    private mutating func export(in step: Loop.Step) throws(RunError) {
        let asked = step.notes.flatMap { shelf.notes(of: $0) }.last?.data["formats"]?.array ?? []
        let wanted = Set(asked.compactMap(\.string) + ["html"])
        let formats = BookExport.formats.filter(wanted.contains)
        let book = try boundBook()
        let folder = desk.root + "/book"
        let export: BookExport
        do {
            export = try desk.bookbinder.write(book, as: formats, to: folder)
        } catch {
            throw RunError(.storage, "the book could not be written to \(folder.visible()): \(error)")
        }
        let files = export.files.map { file -> JSONValue in
            [
                "format": JSONValue(file.format), "path": JSONValue("book/book.\(file.ending)"),
                "bytes": JSONValue(file.bytes),
            ]
        }
        emit(
            .notice(
                isError: false,
                text:
                    "the book is in \(folder.visible()): \(book.scenes.count) scenes as \(formats.joined(separator: ", "))"
            ))
        try keepOwn(
            JSONObject([("files", .array(files)), ("scenes", JSONValue(book.scenes.count))]),
            type: ReadableArtifact.noteType, prefix: "NOTE", in: step)
    }

    private func boundBook() throws(RunError) -> Book {
        let snapshot = shelf.seen(ofType: ReadableArtifact.snapshotType).last?.id
        let matter = shelf.artifacts(ofType: "front_matter").map { Artifact(id: $0.id, type: $0.type, data: $0.data) }
        do {
            return try desk.bookbinder.book(ofSnapshot: snapshot, with: matter)
        } catch let error as BookError {
            throw RunError(.gate, error.message)
        } catch {
            throw RunError(.storage, "\(error)")
        }
    }

    /// Keeps what the program itself has made in a step.
    private mutating func keepOwn(
        _ data: JSONObject, type: String, prefix: String, in step: Loop.Step
    ) throws(RunError) {
        let piece = ownPiece(of: step, prefix: prefix)
        let work = ArtifactDesk.Work(assignment: assignment, step: step, piece: piece, origin: .program)
        shelf.put(try store(Draft(piece: piece, type: type, data: data), step: step, work: work))
    }
}

extension BookExport.File {
    fileprivate var ending: String { URL(filePath: path).pathExtension }
}
