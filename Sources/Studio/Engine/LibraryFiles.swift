import Core
import Foundation
import Workspace

/// The loops, forms and prompts that a workspace has of its own.
struct LibraryFiles: Sendable {
    let paths: WorkspacePaths

    init(_ paths: WorkspacePaths) { self.paths = paths }

    /// The largest file that is read.
    private static let byteLimit = 1 << 20

    /// The names of the files of a folder that end so, sorted: `loops/ours.yml`.
    fileprivate func names(in folder: String, ending: String) throws(LibraryError) -> [String] {
        let path = "\(paths.folder)/\(folder)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let type = attributes?[.type] as? FileAttributeType else { return [] }
        let shown = ".questfoundry/\(folder)"
        // Of another's folder nothing is read.
        guard type == .typeDirectory else { throw LibraryError(reason: "this is no folder").inFile(shown) }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
        } catch {
            throw LibraryError(reason: "the folder cannot be read").inFile(shown)
        }
    }

    fileprivate func text(_ name: String) throws(LibraryError) -> String {
        let bytes: [UInt8]
        do throws(WorkspaceError) {
            bytes = try StoredFile.read("\(paths.folder)/\(name)") ?? []
        } catch {
            throw LibraryError(reason: error.message)
        }
        guard bytes.count <= Self.byteLimit else { throw LibraryError(reason: "it is larger than 1 MiB") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LibraryError(reason: "it is no UTF-8 text")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}

extension Library {
    /// The library with a workspace's own entries, which take the place of those of the same names.
    ///
    /// In `loops/`, `forms.yml` holds forms and every other `.yml` a list of loops; in `prompts/` every `.md` holds
    /// sections that are titled with a role, with `loop/step` or `consultation`.
    func adding(_ files: LibraryFiles) throws(LibraryError) -> Library {
        var library = self
        let forms = "loops/forms.yml"
        for name in try files.names(in: "loops", ending: ".yml") {
            try library.read(name, files) { (library, text, file) throws(LibraryError) in
                if name == forms {
                    try library.read(forms: text, of: file)
                } else {
                    try library.read(loops: text, of: file)
                }
            }
        }
        for name in try files.names(in: "prompts", ending: ".md") {
            try library.read(name, files) { (library, text, file) throws(LibraryError) in
                try library.read(prompts: text, of: file)
            }
        }
        if !library.places.isEmpty { try library.check() }
        return library
    }

    private mutating func read(
        _ name: String, _ files: LibraryFiles, _ body: (inout Library, String, String) throws(LibraryError) -> Void
    ) throws(LibraryError) {
        let file = ".questfoundry/\(name)"
        do throws(LibraryError) {
            try body(&self, try files.text(name), file)
        } catch {
            throw error.inFile(file)
        }
    }
}
