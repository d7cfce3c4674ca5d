package import Configuration
import Core
import Foundation
package import Terminal

/// Where the settings of the dashboard and of its studio come from.
package struct SettingsSource: Sendable {
    /// What is set, read at one time.
    struct Reading: Sendable {
        /// With what was changed live.
        var configuration: Configuration
        /// nil where the theme that is named cannot be used.
        var theme: Theme?
        var warnings: [String] = []
        var themeProblem: String?
    }

    let shelf: ThemeShelf
    private let folders: @Sendable (_ root: String?) -> Set<String>
    private let load: @Sendable (_ root: String?) throws -> LoadedConfiguration

    /// `load` reads what is set for the workspace in a folder, with what was changed live, or what counts without a
    /// workspace; `folders` tells where the files are that it reads.
    package init(
        shelf: ThemeShelf, folders: @escaping @Sendable (_ root: String?) -> Set<String>,
        load: @escaping @Sendable (_ root: String?) throws -> LoadedConfiguration
    ) {
        self.shelf = shelf
        self.folders = folders
        self.load = load
    }

    /// Reads everything. Throws the errors of the configuration, each with its file and line.
    func read(_ root: String?) throws(ConfigurationError) -> Reading {
        let loaded: LoadedConfiguration
        do { loaded = try load(root) } catch { throw ConfigurationError(.file, String(describing: error)) }
        guard let configuration = loaded.configuration else {
            throw ConfigurationError(.file, Self.sentence(of: loaded.errors))
        }
        var reading = Reading(configuration: configuration)
        reading.warnings = loaded.problems.filter { $0.severity == .warning }.map(\.description)
        readTheme(into: &reading)
        return reading
    }

    private func readTheme(into reading: inout Reading) {
        let name = reading.configuration.themeName
        do throws(ThemeError) {
            reading.theme = try shelf.theme(named: name)
            if reading.theme == nil { reading.themeProblem = "There is no theme called \(name.visible())" }
        } catch {
            reading.themeProblem = error.description
        }
    }

    /// The first error whole, and how many more there are.
    private static func sentence(of errors: [Problem]) -> String {
        let first = errors.first.map(sentence) ?? "the configuration cannot be read"
        return errors.count > 1 ? "\(first) (and \(errors.count - 1) more)" : first
    }

    /// As short as names the place: a path takes the room that the mistake needs.
    private static func sentence(of error: Problem) -> String {
        let file = URL(filePath: error.file).lastPathComponent.visible()
        return error.line > 0 ? "\(file):\(error.line):\(error.column): \(error.message)" : "\(file): \(error.message)"
    }

    /// Watches the files that something of this is read from.
    func watch(_ root: String?) -> FolderWatch {
        FolderWatch(folders(root).union([shelf.folder])) { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
    }
}
