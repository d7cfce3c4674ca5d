import ArgumentParser
import Core

/// How a list is printed for scripts.
enum ListFormat: String, EnumerableFlag {
    case json, jsonl

    static func help(for value: ListFormat) -> ArgumentHelp? {
        value == .json ? "Print one JSON document." : "Print one JSON object per line."
    }

    /// Prints entries, as a document of their own unless another is given.
    func print(_ entries: [JSONValue], document: JSONValue? = nil) {
        switch self {
        case .json: Output.result((document ?? .array(entries)).text(isPretty: true))
        case .jsonl: for entry in entries { Output.result(entry.text()) }
        }
    }

    /// Prints what is no list: the document, on one line where entries are.
    func print(_ document: JSONValue) { print([document], document: document) }
}
