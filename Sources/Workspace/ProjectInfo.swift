package import Core
import Foundation

/// What a project is: the contents of `metadata.json`, in the form that questfoundry-py writes.
public struct ProjectInfo: Hashable, Sendable {
    public var name: String { didSet { document["name"] = JSONValue(name) } }
    /// What the story is about; empty when nothing was said.
    public var brief: String { didSet { document["description"] = JSONValue(brief) } }
    /// The whole of the file, so that no key of it is lost.
    var document: JSONObject

    init(name: String, brief: String, at moment: Moment) {
        self.name = name
        self.brief = brief
        let now = JSONValue(LocalTimestamp.text(of: moment))
        document = JSONObject([
            ("name", JSONValue(name)), ("description", JSONValue(brief)), ("created", now), ("modified", now),
            ("version", "1.0.0"), ("author", .null), ("metadata", [:]),
        ])
    }

    /// Takes what another project says of itself.
    init(document: JSONObject) {
        self.document = document
        name = document["name"]?.string ?? ""
        brief = document["description"]?.string ?? ""
    }

    /// What is known of a project that says nothing of itself.
    init(unnamedAt root: String) {
        self.init(name: URL(filePath: root).lastPathComponent, brief: "", at: Moment(wall: 0, sinceBoot: 0))
    }

    /// Reads the file; a missing one leaves the folder's name. Throws when it is no JSON object.
    static func read(_ paths: WorkspacePaths) throws(WorkspaceError) -> ProjectInfo {
        guard let bytes = try StoredFile.read(paths.metadata) else { return ProjectInfo(unnamedAt: paths.root) }
        guard let document = (try? JSONValue(parsing: bytes))?.object else {
            throw WorkspaceError(
                .damaged, paths.metadata,
                "\(paths.metadata.visible()) is no JSON object; mend it, or move it away to start with a new one")
        }
        var info = ProjectInfo(document: document)
        if info.name.isEmpty { info.name = ProjectInfo(unnamedAt: paths.root).name }
        return info
    }

    func write(_ paths: WorkspacePaths) throws(WorkspaceError) {
        let text = JSONValue.object(document).text(isPretty: true) + "\n"
        do { try DurableFile.write(Data(text.utf8), to: paths.metadata) } catch { throw WorkspaceError(error) }
    }
}

/// Times as SQLite writes them (CURRENT_TIMESTAMP): UTC, to the second.
enum UTCTimestamp {
    static func text(of moment: Moment) -> String {
        var seconds = time_t(moment.wall / 1_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let digits = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            LocalTimestamp.two($0)
        }
        return "\(parts.tm_year + 1900)-\(digits[0])-\(digits[1]) \(digits[2]):\(digits[3]):\(digits[4])"
    }
}

/// Times as questfoundry-py writes them: ISO 8601 in local time, without a zone, to the microsecond.
package enum LocalTimestamp {
    package static func text(of moment: Moment) -> String {
        var seconds = time_t(moment.wall / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let digits = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec].map { two($0) }
        let fraction = String(1_000_000 + max(0, moment.wall % 1_000_000)).dropFirst()
        return "\(parts.tm_year + 1900)-\(digits[0])-\(digits[1])T\(digits[2]):\(digits[3]):\(digits[4]).\(fraction)"
    }

    /// The wall time in microseconds that a text tells, to the second; nil for a text that is none.
    package static func wall(of text: String) -> Int64? {
        let fields = text.prefix(19).split { "-T:".contains($0) }.map { Int32($0) ?? -1 }
        guard fields.count == 6, fields.allSatisfy({ $0 >= 0 }) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (fields[0] - 1_900, fields[1] - 1, fields[2])
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (fields[3], fields[4], fields[5])
        parts.tm_isdst = -1
        return Int64(mktime(&parts)) * 1_000_000
    }

    static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
