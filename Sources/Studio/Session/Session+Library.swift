public import Workspace

extension Session {
    /// Every loop that may be ordered here: the studio's own, and the workspace's in their places and after them.
    ///
    /// Throws when one of the workspace's own loops, forms or prompts cannot be read: the error names file and line.
    public nonisolated func loops() throws(RunError) -> [Loop] { try library().loops }

    /// The studio's library with the workspace's own entries, as they are now.
    nonisolated func library() throws(RunError) -> Library {
        try Library.builtIn.adding(workspace)
    }
}

extension Loop {
    /// Every loop that may be ordered in a workspace, as ``Session/loops()`` gives them.
    public static func all(in workspace: Workspace) throws(RunError) -> [Loop] {
        try Library.builtIn.adding(workspace).loops
    }
}

extension Library {
    fileprivate func adding(_ workspace: Workspace) throws(RunError) -> Library {
        do throws(LibraryError) {
            return try adding(LibraryFiles(workspace.paths))
        } catch {
            throw RunError(.configuration, error.description)
        }
    }
}
