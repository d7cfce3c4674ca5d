import Core
import Foundation
import Workspace

/// Binds the finished artifacts of a project and writes the book.
struct Bookbinder: Sendable {
    let store: any StateStore
    /// What the book is called when nothing else says.
    let name: String
    let media: MediaFolder

    /// The book of everything finished, or of what a snapshot holds, with `more` beside it.
    ///
    /// Throws ``BookError`` when nothing is for players, and a `WorkspaceError` when something cannot be read, or there is no
    /// such snapshot.
    func book(ofSnapshot snapshot: String? = nil, with more: [Artifact] = []) throws -> Book {
        let media = media
        var binding = Binding(name: name) { id throws(WorkspaceError) in
            try media.medium(of: id).map { ($0.type.rawValue, [UInt8]($0.bytes)) }
        }
        let finished =
            try snapshot.map { id throws(WorkspaceError) in try contents(of: id) }
            ?? store.artifacts(ofType: nil, .cold)
        let names = Set(more.map(\.id))
        let chosen = Piece.all(of: finished).compactMap(\.chosen).map(\.asPiece).filter { !names.contains($0.id) }
        return try binding.book(of: chosen + more)
    }

    /// Writes a book into a folder, which is made where it is missing: a file `book` for each format, whole or not at all.
    func write(_ book: Book, as formats: [String], to folder: String) throws -> BookExport {
        let chosen = try formats.map { name throws(BookError) in
            guard let format = BookFormats.named(name) else {
                let known = BookExport.formats.joined(separator: ", ")
                throw BookError(message: "there is no format \(name.inFindings()): choose from \(known)")
            }
            return format
        }
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

    /// What a snapshot holds, with the marks that it got when it became cold.
    private func contents(of snapshot: String) throws(WorkspaceError) -> [Artifact] {
        guard try store.snapshots().contains(where: { $0.id == snapshot }) else {
            throw WorkspaceError(.missing, snapshot, "there is no snapshot \(snapshot.inFindings(atMost: 200))")
        }
        var artifacts: [Artifact] = []
        for held in try store.contents(ofSnapshot: snapshot) {
            let cold = try store.artifact(held.id, .cold)
            artifacts.append(cold.flatMap { $0.contentHash == held.contentHash ? $0 : nil } ?? held)
        }
        return artifacts
    }
}

extension Artifact {
    /// The artifact under the name by which others lead to it, whichever of its takes this is.
    fileprivate var asPiece: Artifact {
        guard pieceID != id else { return self }
        let named = ReadableArtifact(self).asPiece
        return Artifact(id: pieceID, type: type, data: named.data, metadata: metadata)
    }
}
