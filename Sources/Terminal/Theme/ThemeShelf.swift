import Core
import Foundation

/// The themes there are: those compiled in, and those that the user keeps as files in a folder.
///
/// A user's theme is called like its file without `.yml`; one called like a built-in theme changes that.
public struct ThemeShelf: Sendable {
    /// A theme that can be chosen, or what keeps it from being used.
    public struct Entry: Hashable, Sendable {
        public var name: String
        /// The theme's file; nil for one that is compiled in.
        public var path: String?
        public var theme: Theme?
        /// Names the file and the line.
        public var problem: String?

        public init(name: String, path: String? = nil, theme: Theme? = nil, problem: String? = nil) {
            self.name = name
            self.path = path
            self.theme = theme
            self.problem = problem
        }
    }

    /// Where the user's themes are; it need not exist.
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// The folder `questfoundry/themes` of the user's configuration.
    public static func ofUser(environment: [String: String]) -> ThemeShelf {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let config = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.config"
        return ThemeShelf(folder: config + "/questfoundry/themes")
    }

    /// Every theme: the built-in ones in their order, then the user's by name. Reads every file.
    public var entries: [Entry] {
        let own = files
        let others = own.keys.filter { !Theme.builtInNames.contains($0) }.sorted()
        return (Theme.builtInNames + others).map { name in
            var entry = Entry(name: name, path: own[name])
            do throws(ThemeError) { entry.theme = try theme(named: name) } catch { entry.problem = error.description }
            return entry
        }
    }

    /// A theme by its name; nil when there is none called so. Throws what is wrong with its file.
    public func theme(named name: String) throws(ThemeError) -> Theme? {
        guard let path = files[name] else { return Theme.builtIn(name) }
        // As short as names it: a path takes the room that the mistake needs.
        let source = "themes/\(name.visible()).yml"
        return try Theme.reading(Self.text(of: path, source), source: source, name: name)
    }

    /// The files in the folder by the names of their themes: what is asked for never becomes a path.
    private var files: [String: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let themes = names.filter { $0.hasSuffix(".yml") && $0.count > 4 && !$0.hasPrefix(".") }.prefix(Self.mostFiles)
        return Dictionary(uniqueKeysWithValues: themes.map { (String($0.dropLast(4)), "\(folder)/\($0)") })
    }

    private static let mostFiles = 200
    private static let mostBytes = 64 << 10

    private static func text(of path: String, _ source: String) throws(ThemeError) -> String {
        func unreadable(_ reason: String) -> ThemeError {
            ThemeError(source: source, problems: [.init(line: 1, column: 1, message: reason)])
        }
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable("cannot be read: \(String(cString: strerror(errno)))") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("is no regular file")
        }
        guard let data = try? handle.read(upToCount: mostBytes + 1) ?? Data(), data.count <= mostBytes else {
            throw unreadable("is larger than 64 KiB")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw unreadable("is not UTF-8") }
        return text
    }
}
