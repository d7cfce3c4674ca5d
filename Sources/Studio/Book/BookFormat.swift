package import Foundation

/// A form in which a book is written, as one file.
package protocol BookFormat: Sendable {
    /// What it is asked for by: `markdown`.
    var name: String { get }
    /// `md`
    var fileExtension: String { get }
    /// The whole file. The same book makes the same bytes.
    func data(of book: Book) -> Data
}

/// Every form: a further one is a file in `Formats` and a line here.
package enum BookFormats {
    package static let all: [any BookFormat] = [MarkdownFormat(), HTMLFormat(), TweeFormat(), JSONFormat()]

    package static func named(_ name: String) -> (any BookFormat)? { all.first { $0.name == name } }
}
