import Core
public import Foundation

extension Configuration {
    /// Reads a configuration's text. Every problem is found at once; any error leaves no configuration.
    /// `file` is how problems name the file; relative paths start from `workspaceRoot`; `environment` has the variables
    /// of values that are not a provider's, which are expanded when it is used.
    public static func load(
        yaml text: String, file: String = "config.yml", workspaceRoot: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> LoadedConfiguration {
        var checker = Checker(findings: Findings(file: file), environment: environment)
        do {
            guard let tree = try TreeReader.read(text) else {
                return LoadedConfiguration(configuration: Configuration(), problems: [])
            }
            checker.read(tree, workspaceRoot: workspaceRoot)
        } catch {
            checker.findings.error(at: error.position, error.message)
        }
        return LoadedConfiguration(
            configuration: checker.findings.hasErrors ? nil : checker.configuration,
            problems: checker.findings.sorted)
    }

    /// Reads a configuration file; a missing or an empty one means all defaults.
    public static func load(
        path: String, workspaceRoot: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> LoadedConfiguration {
        do {
            guard let text = try ConfigurationFile.read(path) else {
                return LoadedConfiguration(configuration: Configuration(), problems: [])
            }
            return load(yaml: text, file: path, workspaceRoot: workspaceRoot, environment: environment)
        } catch {
            let problem = Problem(.error, file: path, line: 0, column: 0, message: error.message)
            return LoadedConfiguration(configuration: nil, problems: [problem])
        }
    }
}

extension Checker {
    fileprivate mutating func read(_ tree: Tree, workspaceRoot: String?) {
        var modernizer = Modernizer(tree, findings: findings, environment: environment)
        if tree.entries != nil { modernizer.run() }
        findings = modernizer.findings
        collectProviderNames(in: modernizer.tree)
        check(modernizer.tree, as: Schema.root)
        checkNames(in: modernizer.tree)
        checkCacheDirectory(in: modernizer.tree, workspaceRoot: workspaceRoot)
        checkRedis(in: modernizer.tree)
    }

    /// A cache outside the workspace and the user's cache folder could overwrite anything.
    private mutating func checkCacheDirectory(in tree: Tree, workspaceRoot: String?) {
        guard let entry = tree.entry(at: ["caching", "cache_dir"]) else { return }
        let root = URL(filePath: workspaceRoot ?? "/workspace", directoryHint: .isDirectory)
        let home = environment["HOME"] ?? NSHomeDirectory()
        var directory = configuration.caching.cacheDir
        if directory.hasPrefix("~/") {
            directory = home + directory.dropFirst()
            configuration.caching.cacheDir = directory
        }
        let caches = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.cache"
        let place = URL(filePath: directory, directoryHint: .isDirectory, relativeTo: root)
        let allowed = [root, URL(filePath: caches, directoryHint: .isDirectory)]
        guard !allowed.contains(where: { place.isInside($0) }) else { return }
        findings.error(
            at: entry.value.position,
            "caching.cache_dir: found \(directory.visible()), expected a folder inside the workspace or the user's "
                + "cache folder (\(caches.visible()))")
    }
}

extension URL {
    /// Whether the place is a folder or in it, as the path says and also once its links are followed.
    fileprivate func isInside(_ folder: URL) -> Bool {
        let asWritten = standardizedFileURL.pathComponents.starts(with: folder.standardizedFileURL.pathComponents)
        let real = standardizedFileURL.resolvingSymlinksInPath().pathComponents
        return asWritten
            && real.starts(with: folder.standardizedFileURL.resolvingSymlinksInPath().pathComponents)
    }
}
