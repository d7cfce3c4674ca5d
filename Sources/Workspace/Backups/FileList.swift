import Core

/// Files and their hashes, as `sha256sum` writes them and `sha256sum --check` reads them.
struct FileList {
    private(set) var hashes: [String: String] = [:]

    init(_ files: [(path: String, sha256: String)]) {
        hashes = Dictionary(files.map { ($0.path, $0.sha256) }) { $1 }
    }

    /// Nil for anything else.
    init?(_ text: String) {
        for line in text.split(separator: "\n") {
            let isEscaped = line.first == "\\"
            let parts = (isEscaped ? line.dropFirst() : line).split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count == 64, parts[1].first == " " else { return nil }
            let name = String(parts[1].dropFirst())
            hashes[isEscaped ? Self.unescaped(name) : name] = String(parts[0])
        }
    }

    var text: String {
        hashes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { path, hash in
            let escaped = Self.escaped(path)
            return "\(escaped == path ? "" : "\\")\(hash)  \(escaped)\n"
        }.joined()
    }

    private static func escaped(_ path: String) -> String {
        guard path.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x0D }) else { return path }
        return path.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\r": "\\r"
            default: String(scalar)
            }
        }.joined()
    }

    private static func unescaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let next = rest.popFirst() else {
                result.append(scalar)
                continue
            }
            result.append(next == "n" ? "\n" : next == "r" ? "\r" : next)
        }
        return String(result)
    }
}
