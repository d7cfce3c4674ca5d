package import Workspace

/// What lies beside the artifacts.
package struct Shelves: Hashable, Sendable {
    /// The newest first.
    package var snapshots: [Snapshot]
    /// What was modified last first.
    package var units: [ThematicUnit]
}
