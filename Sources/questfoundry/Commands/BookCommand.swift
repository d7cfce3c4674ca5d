import ArgumentParser
import Core
import Studio
import Workspace

/// `questfoundry book …`
struct BookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book", abstract: "The finished book.",
        discussion: "Example: questfoundry book export --format html -o site", subcommands: [Export.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the book, from finished artifacts that are for players.",
            discussion: """
                html is played in a browser with no network; twee is for Twine, in the story format SugarCube; markdown \
                is for reading; json for other programs. What is left out is said on standard error.

                Example: questfoundry book export --format markdown,html -o site
                """)

        @Option(help: ArgumentHelp("Which files: markdown, html, twee, json.", valueName: "list"))
        var format: String = BookExport.formats.joined(separator: ",")

        @Option(
            name: [.short, .customLong("output")],
            help: ArgumentHelp("The folder of the files, which is made where it is missing.", valueName: "dir"))
        var output: String = "book"

        @Option(help: ArgumentHelp("The book of a snapshot, instead of everything finished.", valueName: "id"))
        var snapshot: String?

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        private var formats: [String] {
            var formats: [String] = []
            for name in format.split(separator: ",").map({ $0.filter { $0 != " " } }) where !formats.contains(name) {
                formats.append(name)
            }
            return formats
        }

        func validate() throws {
            let known = BookExport.formats
            guard !formats.isEmpty, formats.allSatisfy(known.contains) else {
                throw ValidationError("Formats are \(known.joined(separator: ", ")), with commas between them.")
            }
        }

        func run() async throws {
            let formats = formats
            let folder = Path.absolute(output)
            let export = try await Opening(options: options).withSession { session in
                try session.exportBook(as: formats, to: folder, ofSnapshot: snapshot)
            }
            if !options.quiet { for line in export.omissions { Output.note(line) } }
            Output.result(json ? export.json.text(isPretty: true) : export.words)
        }
    }
}

extension BookExport {
    /// How many of those that were left out are told one by one.
    private static let mostOmissions = 20

    fileprivate var omissions: [String] {
        let told = leftOut.prefix(Self.mostOmissions).map { "left out: \($0.id) \($0.reason)" }
        return leftOut.count > told.count ? told + ["left out: \(leftOut.count - told.count) more, see --json"] : told
    }

    fileprivate var words: String {
        let head = "\(title.visible()): \(scenes) scenes, \(codexEntries) entries of the codex"
        return ([head] + files.map { "\($0.path.visible())  \(Words.bytes($0.bytes))" }).joined(separator: "\n")
    }

    fileprivate var json: JSONValue {
        [
            "title": JSONValue(title), "scenes": JSONValue(scenes), "codex_entries": JSONValue(codexEntries),
            "files": .array(
                files.map {
                    ["format": JSONValue($0.format), "path": JSONValue($0.path), "bytes": JSONValue($0.bytes)]
                }),
            "left_out": .array(
                leftOut.map { ["id": JSONValue($0.id), "type": JSONValue($0.type), "reason": JSONValue($0.reason)] }),
        ]
    }
}
