import Core
import Foundation
import Workspace

/// The loops, forms and prompts that a workspace has of its own.
struct LibraryFiles: Sendable {
    let paths: WorkspacePaths

    init(_ paths: WorkspacePaths) { self.paths = paths }

    /// The names of the files of a folder that end so, sorted: `loops/ours.yml`.
    fileprivate func names(in folder: String, ending: String) throws(LibraryError) -> [String] {
        let path = "\(paths.folder)/\(folder)"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        } catch {
            throw LibraryError(reason: "the folder cannot be read").inFile(path)
        }
    }

    fileprivate func text(_ name: String) throws(LibraryError) -> String {
        do throws(WorkspaceError) {
            let bytes = try StoredFile.read("\(paths.folder)/\(name)") ?? []
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw WorkspaceError(.damaged, name, "it is no UTF-8 text")
            }
            return text
        } catch {
            throw LibraryError(reason: error.message)
        }
    }
}

extension Library {
    /// The library with a workspace's own entries, which take the place of those of the same names.
    ///
    /// In `loops/`, `forms.yml` holds forms and every other `.yml` a list of loops; in `prompts/` every `.md` holds
    /// sections that are titled with a role, or with `loop/step`.
    func adding(_ files: LibraryFiles) throws(LibraryError) -> Library {
        var library = self
        let forms = "loops/forms.yml"
        let loops = try files.names(in: "loops", ending: ".yml")
        for name in loops where name == forms { try library.read(name, files) { (library, text) throws(LibraryError) in try library.read(forms: text) } }
        for name in loops where name != forms { try library.read(name, files) { (library, text) throws(LibraryError) in try library.read(loops: text) } }
        for name in try files.names(in: "prompts", ending: ".md") {
            try library.read(name, files) { (library, text) throws(LibraryError) in try library.read(prompts: text) }
        }
        for loop in library.loops {
            for step in loop.steps where step.form != nil && library.task(of: step).isEmpty {
                throw LibraryError(reason: "\(step.path) has no task: write it under # \(step.path)").inFile("prompts/")
            }
        }
        return library
    }

    private mutating func read(
        _ name: String, _ files: LibraryFiles, _ body: (inout Library, String) throws(LibraryError) -> Void
    ) throws(LibraryError) {
        do throws(LibraryError) {
            try body(&self, try files.text(name))
        } catch {
            throw error.inFile(".questfoundry/\(name)")
        }
    }
}
