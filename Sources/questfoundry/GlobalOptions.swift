import ArgumentParser

/// The options that every command takes, before or after the subcommand.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The workspace's folder, instead of the one around the current folder.", valueName: "dir"))
    var project: String?

    @Option(help: ArgumentHelp("A configuration file, instead of the workspace's own.", valueName: "file"))
    var config: String?

    @Flag(help: "Say more on standard error.")
    var verbose = false

    @Flag(help: "Say nothing on standard error but errors.")
    var quiet = false

    @Flag(help: "Use no colours.")
    var noColor = false

    /// Puts these options behind everything else, where the innermost command reads them: the parser itself takes an
    /// option only on its own side of a subcommand.
    static func movedToEnd(_ arguments: [String]) -> [String] {
        var kept: [String] = []
        var moved: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst(), argument != "--" {
            switch argument {
            case "--verbose", "--quiet", "--no-color": moved.append(argument)
            case "--project", "--config":
                moved.append(argument)
                if let value = rest.popFirst() { moved.append(value) }
            case _ where argument.hasPrefix("--project=") || argument.hasPrefix("--config="): moved.append(argument)
            default: kept.append(argument)
            }
        }
        return kept + moved + (rest.isEmpty ? [] : ["--"] + rest)
    }
}
