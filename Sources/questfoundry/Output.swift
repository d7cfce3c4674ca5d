import Core
import Foundation

/// Standard output is for results, standard error for people. A reader that went away ends the program quietly.
enum Output {
    static func result(_ text: String) { write(text + "\n", to: FileHandle.standardOutput) }
    static func note(_ text: String) { write(text.visible(keepingLines: true) + "\n", to: FileHandle.standardError) }

    private static func write(_ text: String, to handle: FileHandle) {
        try? handle.write(contentsOf: Data(text.utf8))
    }

    /// Rows under a header, in columns as wide as their widest cell.
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let all = [header] + rows.map { $0.map { $0.visible() } }
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
