public import Core
import Foundation
public import Logging

/// Writes each event of a log as one line: a JSON object with its time, its level, what happened, and its metadata.
struct FileLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.info

    private let file: LogFile
    private let time: any TimeSource
    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    init(_ file: LogFile, time: any TimeSource) {
        self.file = file
        self.time = time
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
        fields.merge(event.metadata ?? [:]) { $1 }
        // An error's own words may hold anything.
        fields["error"] = event.error.map { "\(type(of: $0))" } ?? fields["error"]
        var line = JSONObject([
            ("time", JSONValue(time.now().date.formatted(Self.timeStyle))),
            ("level", JSONValue(event.level.rawValue)),
            ("event", JSONValue(event.message.description.fitForALog)),
        ])
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = JSONValue(value)
        }
        file.write(JSONValue.object(line).text())
    }
}

extension JSONValue {
    fileprivate init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self.init(text.fitForALog)
        case .stringConvertible(let value as Int): self.init(value)
        case .stringConvertible(let value as Bool): self = .bool(value)
        case .stringConvertible(let value): self.init(value.description.fitForALog)
        case .array(let values): self = .array(values.map(JSONValue.init))
        case .dictionary(let fields):
            self = .object(
                JSONObject(fields.sorted { $0.key < $1.key }.map { ($0.key.fitForALog, JSONValue($0.value)) }))
        }
    }
}

extension String {
    /// On one line, harmless to a terminal that shows it, and not endless: a name may come from a file or a server.
    fileprivate var fitForALog: String { prefix(200).visible() }
}

extension Workspace {
    /// A logger that writes to the workspace's own log, `.questfoundry/logs/questfoundry.log`, from `info` on.
    ///
    /// The file is made by the first event, and set aside when it has 4 MiB; four older ones are kept. Several processes
    /// may write at once. What cannot be written is lost, and breaks nothing.
    public func logger(time: any TimeSource) -> Logger {
        let file = LogFile(folder: paths.logs, name: "questfoundry.log")
        return Logger(label: "questfoundry") { _ in FileLogHandler(file, time: time) }
    }
}
