import Core
import Foundation
import Workspace

/// What an export of the book came to.
public struct BookExport: Hashable, Sendable {
    /// One file of the book.
    public struct File: Hashable, Sendable {
        /// `markdown`, `html`, `twee` or `json`.
        public var format: String
        public var path: String
        /// Its size.
        public var bytes: Int
    }

    /// The forms in which a book is written, in the order in which they are listed.
    public static var formats: [String] { BookFormats.all.map(\.name) }

    public var title: String
    /// How many scenes the book has.
    public var scenes: Int
    /// How many entries its codex has.
    public var codexEntries: Int
    public var files: [File]
    /// What is not in the book, and why.
    public var leftOut: [LeftOut]
}

extension Session {
    /// Writes the book of finished artifacts into a folder, which is made where it is missing: a file `book` for each
    /// format, whole or not at all. `snapshot` takes what that one holds in place of everything finished.
    ///
    /// Throws ``BookError`` when nothing is for players, a format is unknown or the folder cannot be made, and a `WorkspaceError` when something
    /// cannot be read or written, or there is no such snapshot.
    public nonisolated func exportBook(
        as formats: [String] = BookExport.formats, to folder: String, ofSnapshot snapshot: String? = nil
    ) throws -> BookExport {
        let chosen = try formats.map { name throws(BookError) in
            guard let format = BookFormats.named(name) else {
                let known = BookExport.formats.joined(separator: ", ")
                throw BookError(message: "there is no format \(name.inFindings()): choose from \(known)")
            }
            return format
        }
        let book = try book(ofSnapshot: snapshot)
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw BookError(message: "the folder \(folder.visible()) cannot be made: \(error.localizedDescription)")
        }
        var export = BookExport(
            title: book.title, scenes: book.scenes.count, codexEntries: book.codex.count, files: [],
            leftOut: book.leftOut)
        for format in chosen {
            let path = "\(folder)/book.\(format.fileExtension)"
            let data = format.data(of: book)
            do { try DurableFile.write(data, to: path) } catch { throw WorkspaceError(error) }
            export.files.append(BookExport.File(format: format.name, path: path, bytes: data.count))
        }
        return export
    }

    /// The book of everything finished, or of what a snapshot holds.
    package nonisolated func book(ofSnapshot snapshot: String? = nil) throws -> Book {
        let media = MediaFolder(workspace)
        var binding = Binding(name: workspace.name) { id throws(WorkspaceError) in
            try media.medium(of: id).map { ($0.type, $0.bytes) }
        }
        return try binding.book(of: try finished(ofSnapshot: snapshot))
    }

    private nonisolated func finished(ofSnapshot snapshot: String?) throws(WorkspaceError) -> [Artifact] {
        if let snapshot {
            guard try store.snapshots().contains(where: { $0.id == snapshot }) else {
                throw WorkspaceError(.missing, snapshot, "there is no snapshot \(snapshot.inFindings(atMost: 200))")
            }
            return try store.contents(ofSnapshot: snapshot)
        }
        let page = try store.artifacts(ArtifactQuery(temperature: .cold))
        if let problem = page.problems.first { throw problem }
        var artifacts: [Artifact] = []
        for summary in page.summaries {
            // One that was removed meanwhile is not there any more.
            guard let artifact = try store.artifact(summary.id, .cold) else { continue }
            artifacts.append(artifact)
        }
        return artifacts
    }
}
