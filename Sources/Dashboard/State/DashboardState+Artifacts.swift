import Core
import Studio
import Workspace

/// What the dashboard does with artifacts.
extension DashboardState {
    /// Opens an artifact in the reader, in the place of Output.
    mutating func read(_ stop: Reader.Stop) -> [Effect] {
        (focus, isFullSize, reader) = (.output, true, Reader(stop, from: focus))
        return [.readArtifact(stop)] + (artifacts == nil ? [.listArtifacts] : [])
    }

    /// Lists the artifacts that have some words, in the place of Output.
    mutating func listArtifacts(having filter: String) -> [Effect] {
        (focus, isFullSize, reader) = (.output, true, nil)
        tables[.output, default: TableChoice()].view = OutputZoom.View.artifacts.rawValue
        tables[.output]?.filter = filter
        return [.listArtifacts]
    }

    /// Reads the list, and what is open, anew.
    var artifactEffects: [Effect] {
        (artifacts == nil ? [] : [.listArtifacts]) + (reader?.stop.map { [.readArtifact($0)] } ?? [])
    }

    /// Takes in that an artifact was changed from here, which a sentence says.
    mutating func noteChange(_ text: String) -> [Effect] {
        say(text)
        note(ActivityLine(now, "artifact", text, .good))
        return artifactEffects + [.refreshStatus]
    }

    /// Asks before an artifact goes into the bin.
    mutating func askToDelete(_ id: String, title: String) {
        dialog = DeleteArtifactDialog(id: id, title: title)
    }

    /// Copies a text; `name` says what it is.
    mutating func copy(_ text: String, _ name: String) -> [Effect] {
        let copied = text.prefix(utf8: Self.mostCopied)
        let part = copied.utf8.count < text.utf8.count ? "the first \(Figures.bytes(Self.mostCopied)) of " : ""
        say("Copied \(part)\(name), if the terminal lets programs.")
        return [.copy(copied.visible(keepingLines: true))]
    }

    /// Terminals cut, or refuse, what is longer.
    private static let mostCopied = 48 << 10
}

extension String {
    /// As many whole characters from the start as fit into that many bytes.
    fileprivate func prefix(utf8 limit: Int) -> Substring {
        guard utf8.count > limit else { return self[...] }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return self[..<end]
    }
}
