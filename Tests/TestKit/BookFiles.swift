public import Core
public import Foundation

/// The files of a book that a run has written, byte by byte.
public struct BookFiles: Equatable, Sendable {
    /// By name: `book.html`.
    public let files: [String: Data]

    /// Reads the `book` folder of a workspace.
    public init(in workspace: String) throws {
        let folder = workspace + "/book"
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        }
        self.files = files
    }

    public func text(_ name: String) -> String { String(decoding: files[name] ?? Data(), as: UTF8.self) }

    /// The book as a program reads it.
    public func document() throws -> JSONValue { try JSONValue(parsing: files["book.json"] ?? Data()) }

    /// The story that the page plays.
    public func story() throws -> JSONValue {
        let template = text("book.html").firstMatch(of: /<template id="story">(.*?)<\/template>/)
        return try JSONValue(parsing: Data(base64Encoded: String(template?.1 ?? "")) ?? Data())
    }
}
