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
    /// Throws ``BookError`` when nothing is for players, a format is unknown or the folder cannot be made, and a
    /// `WorkspaceError` when something cannot be read or written, or there is no such snapshot.
    public nonisolated func exportBook(
        as formats: [String] = BookExport.formats, to folder: String, ofSnapshot snapshot: String? = nil
    ) throws -> BookExport {
        let binder = bookbinder
        return try binder.write(try binder.book(ofSnapshot: snapshot), as: formats, to: folder)
    }

    /// The book of everything finished, or of what a snapshot holds.
    package nonisolated func book(ofSnapshot snapshot: String? = nil) throws -> Book {
        try bookbinder.book(ofSnapshot: snapshot)
    }

    private nonisolated var bookbinder: Bookbinder {
        Bookbinder(store: store, name: workspace.name, media: MediaFolder(workspace))
    }
}
