import Configuration
import Core
import Foundation
import Metering
import ResponseCache
import Studio
import Workspace

/// How the program ends, as sysexits.h numbers it where it does.
enum Code: Int32 {
    case done = 0
    case workFailed = 1
    case usage = 64
    case badData = 65
    case noWorkspace = 66
    case unavailable = 69
    case refused = 75
    case badConfiguration = 78
    case interrupted = 130
}

/// Why a command could not do its work: one sentence for people, one object for scripts.
struct Failure: Error, CustomStringConvertible {
    var code: Code
    var error: JSONValue
    var message: String
    var description: String { message }

    init(_ code: Code, kind: String, _ message: String) {
        self.code = code
        self.message = message
        error = ["kind": JSONValue(kind), "message": JSONValue(message)]
    }

    init(_ error: RunError) {
        code = Code(error)
        message = error.message
        self.error = error.json
    }

    /// What is wrong with a configuration file, all of it at once.
    init(configuration loaded: LoadedConfiguration) {
        self.init(
            .badConfiguration, kind: "configuration", loaded.errors.map(\.description).joined(separator: "\n"))
    }

    /// Gives any error of the library its code.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as RunError: self.init(error)
        case let error as ConfigurationError: self.init(.badConfiguration, kind: "configuration", "\(error)")
        case let error as WorkspaceError: self.init(Code(error), kind: "workspace", "\(error)")
        case let error as BookError: self.init(.badData, kind: "book", error.message)
        case let error as LedgerError: self.init(.unavailable, kind: "storage", "\(error)")
        case let error as CacheError: self.init(.unavailable, kind: "storage", "\(error)")
        default: self.init(.workFailed, kind: "failed", String(describing: error))
        }
    }

    func report(asJSON: Bool) {
        if asJSON { Output.result((["error": error] as JSONValue).text(isPretty: true)) }
        Output.note("questfoundry: \(message)")
    }
}

extension Code {
    init(_ error: WorkspaceError) {
        self =
            switch error.code {
            case .inUse, .unavailable: .unavailable
            case .missing, .unknownFilter: .usage
            case .cancelled: .interrupted
            case .blocked: .workFailed
            case .exists, .damaged, .newerVersion, .needsMigration, .diskFull, .notPermitted, .conflict, .badName,
                .other:
                .badData
            }
    }

    init(_ error: RunError) {
        self =
            switch error.kind {
            case .rateLimit, .budget: error.isWorthRetrying ? .refused : .badConfiguration
            case .unpriced, .configuration: .badConfiguration
            case .provider, .storage: .unavailable
            case .damaged: .badData
            case .order, .nothingRuns: .usage
            case .cancelled: .interrupted
            case .nothingToRead, .gate: .workFailed
            }
    }
}
