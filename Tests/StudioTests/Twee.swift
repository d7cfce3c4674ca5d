import Foundation
import Testing

/// Twee as a compiler reads it: its passages by name.
struct Twee {
    var passages: [String: String] = [:]
    var order: [String] = []

    init(_ text: String) throws {
        var name: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("::") {
                var header = line.dropFirst(2).drop { $0 == " " }
                if header.hasSuffix("]"), let tags = header.range(of: " [", options: .backwards) {
                    header = header[..<tags.lowerBound]
                }
                name = String(header)
                try #require(passages[String(header)] == nil, "two passages are called \(header)")
                passages[String(header)] = ""
                order.append(String(header))
            } else if let name {
                passages[name, default: ""] += line + "\n"
            }
        }
    }

    /// The names that the links of a passage lead to.
    func targets(of name: String) -> [String] {
        (passages[name] ?? "").matches(of: /\[\[(?:"(?:[^"\\]|\\.)*"->)?([^\[\]]*)\]\]/).map { String($0.1) }
    }

    func reached(from start: String) -> Set<String> {
        var reached: Set<String> = [start]
        var open = [start]
        while let name = open.popLast() {
            for target in targets(of: name) where reached.insert(target).inserted { open.append(target) }
        }
        return reached
    }
}
