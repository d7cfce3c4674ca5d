import GRDB

/// One step of the form in which a workspace is kept: from the version before to ``version``, and back.
///
/// Another version is another entry in ``all``.
public struct Migration: Sendable {
    /// How one direction changes a workspace.
    struct Change: Sendable {
        /// A hot artifact's file as it is afterwards; nil for one that stays as it is.
        var artifact: @Sendable (ArtifactText) -> [UInt8]?
        /// Changes `project.qfproj`, but for its list of versions. Returns how many records it wrote.
        var project: @Sendable (Database) throws -> Int
        /// How many records ``project`` will write. Reads only.
        var projectRecords: @Sendable (Database) throws -> Int
        /// What is lost by it, a phrase each. Reads only.
        var losses: @Sendable (Database) throws -> [String]
    }

    /// The version that it leads to.
    public let version: Int
    /// A short name, for people.
    public let name: String
    /// What it changes, in one sentence.
    public let summary: String
    let upgrade: Change
    let downgrade: Change
    /// What is wrong with a project file that should be of this version; nil when nothing is.
    let verify: @Sendable (Database) throws -> String?

    /// Every migration, in the order of the versions. Version 1 is what questfoundry-py writes.
    public static let all: [Migration] = [.revisions]

    /// The newest version: what `init` writes.
    static let newestVersion = all.last?.version ?? 1

    /// Throws when a list of migrations leaves out a version, or has one twice.
    package static func check(_ migrations: [Migration] = all) throws(WorkspaceError) {
        for (index, migration) in migrations.enumerated() where migration.version != index + 2 {
            throw WorkspaceError(
                .other, "",
                "the migration \(migration.name) is numbered \(migration.version) where version \(index + 2) is due: "
                    + "this program was built wrong; install another")
        }
    }

    /// One migration, in the direction that it is gone through.
    struct Step: Sendable {
        let migration: Migration
        let change: Change
        /// The version after it.
        let version: Int
    }

    /// The changes that lead from one version to another, in their order.
    static func steps(from start: Int, to end: Int, in list: [Migration]) -> [Step] {
        let between = list.filter { $0.version > min(start, end) && $0.version <= max(start, end) }
        return start <= end
            ? between.map { Step(migration: $0, change: $0.upgrade, version: $0.version) }
            : between.reversed().map { Step(migration: $0, change: $0.downgrade, version: $0.version - 1) }
    }
}
