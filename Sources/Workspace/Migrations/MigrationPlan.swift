/// What a migration would do: a dry run.
public struct MigrationPlan: Hashable, Sendable {
    public struct Step: Hashable, Sendable {
        /// The version after the step.
        public var version: Int
        /// The migration that is gone through, up or down.
        public var name: String
        public var summary: String
        public var isDowngrade: Bool
        /// How many artifacts in files it changes, and how many rows of the project file.
        public var hotRecords: Int
        public var coldRecords: Int
        /// What is lost by it, a phrase each.
        public var losses: [String]
    }

    public var from: Int
    public var to: Int
    /// In order; none when the workspace has that version.
    public var steps: [Step]
    /// How much would be written, without the copies of media and settings in the backup.
    public var bytes: Int
}

/// What a migration did.
public struct MigrationResult: Hashable, Sendable {
    public var from: Int
    public var to: Int
    /// How many artifacts in files were changed, and how many rows of the project file, by all steps together.
    public var hotRecords: Int
    public var coldRecords: Int
    /// The name of the backup of the state before; nil when there was nothing to do.
    public var backup: String?
}
