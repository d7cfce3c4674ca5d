import Foundation

/// What is kept of the usage ledger.
public struct CostSettings: Hashable, Sendable {
    /// After how many days rows become daily sums; 0 = never.
    public var keepRowsDays = 0

    public init() {}
}

/// How failed provider calls are tried again.
public struct RetrySettings: Hashable, Sendable {
    public var maxRetries = 3
    public var initialDelayMilliseconds = 1_000
    public var maxDelayMilliseconds = 60_000

    public init() {}
}

/// Where a workspace's state lives and what is kept of it.
public struct StateSettings: Hashable, Sendable {
    public enum Backend: String, Hashable, Sendable { case file, sqlite, redis, memory }

    public var backend = Backend.file
    public var keepBackups = 5
    public var backupIntervalHours = 24
    public var keepSessions = 20
    public var redis = RedisSettings()

    public init() {}
}

/// The one Redis server that machines share.
public struct RedisSettings: Hashable, Sendable {
    public var host = "127.0.0.1"
    public var port = 6_379
    public var db = 0
    public var username: String?
    public var password: Secret?
    public var prefix = "questfoundry"
    /// nil = the workspace's name.
    public var project: String?
    /// Whether a password may travel to another machine, where everyone on the way can read it.
    public var allowPlaintext = false
    /// The environment variables that any of these come from.
    package internal(set) var variables: [String] = []

    public init() {}

    /// Whether the server is on this machine.
    public var isLoopback: Bool { URL.isLoopback(host: host) }
}

/// How the dashboard looks.
public struct DashboardSettings: Hashable, Sendable {
    /// When something that terminals may lack is used.
    public enum When: String, Hashable, Sendable { case auto, always, never }

    /// A built-in theme's name or a theme file's.
    public var theme = "foundry"
    /// Whether clicks and the wheel are the dashboard's; without that they are the terminal's own.
    public var mouse = true
    /// Whether frames, gauges and marks are drawn with ASCII alone; `auto` where the locale has no UTF-8.
    public var ascii = When.auto
    /// How often a second events are drawn at most.
    public var refreshHz = 30
    /// Whether frames are marked as such for the terminal; `auto` where it answers that it knows the marks.
    public var synchronizedOutput = When.auto
    /// Keys of actions other than the table's, by the actions' names.
    public var keys: [String: [String]] = [:]
    /// Whether the terminal's bell rings at the end of a run and at budget alerts.
    public var bell = true
    /// Whether the terminal shows a notification then.
    public var notifications = true

    public init() {}
}
