import ArgumentParser
import Core
import Foundation
import Workspace

extension StateCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Write the whole state as one portable file, which any store reads again.",
            discussion: """
                JSON Lines: artifacts in work and finished, thematic units, snapshots with what they hold.

                Example: questfoundry state export --history -o lantern.jsonl
                """)

        @Option(name: [.short, .customLong("output")], help: "The file; without it, standard output.")
        var output: String?

        @Flag(help: "Also what was done to finished artifacts and snapshots.")
        var history = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                let export = StateExport(of: try desk.store(), includesHistory: history)
                let file = try output.map { try DraftFile(at: Path.absolute($0)) }
                let count = try export.write(at: SystemTime().now()) { line in
                    try file?.write(line) ?? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
                }
                try file?.finish()
                desk.note("exported \(count) records")
            } catch { throw Failure(error) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Read an export, questfoundry-py's export, or its snapshot folder.",
            discussion: """
                Everything is checked before the first record is used. With --merge (the default) what is there stays as \
                it is; with --replace the state becomes that of the file, and the present one a backup.

                Example: questfoundry state import lantern.jsonl --merge
                """)

        @Argument(help: "The file or folder.")
        var path: String

        @Flag(help: "Keep what is there, and add the rest.")
        var merge = false

        @Flag(help: "Replace everything.")
        var replace = false

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard !(merge && replace) else { throw ValidationError("Choose --merge or --replace.") }
        }

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                let source = try StateSource(path: Path.absolute(path))
                let importing = StateImport(into: try desk.store())
                var backup: Backup?
                let outcome: StateImport.Outcome
                if replace {
                    backup = try await desk.work { try await desk.backups.take(.beforeRestore, progress: $0) }
                    outcome = try importing.replace(with: source)
                } else {
                    outcome = try importing.merge(source)
                }
                let document: JSONValue = [
                    "added": JSONValue(outcome.added), "kept": JSONValue(outcome.kept),
                    "backup": JSONValue(backup?.name),
                ]
                Output.result(json ? document.text(isPretty: true) : words(outcome, backup))
            } catch { throw Failure(error) }
        }

        private func words(_ outcome: StateImport.Outcome, _ backup: Backup?) -> String {
            guard let backup else {
                return "added \(outcome.added) records; \(outcome.kept) were there already and stay as they are"
            }
            return "imported \(outcome.added) records; the state before is the backup \(backup.name)"
        }
    }
}

/// A file that is written piece by piece beside its place, and takes it when it is whole.
private struct DraftFile {
    private let path: String
    private let draft: String
    private let handle: FileHandle

    init(at path: String) throws {
        self.path = path
        draft = "\(path).\(UInt32.random(in: .min ... .max)).tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ text: String) throws {
        do { try handle.write(contentsOf: Data(text.utf8)) } catch {
            unlink(draft)
            throw Self.failure(path)
        }
    }

    func finish() throws {
        guard fsync(handle.fileDescriptor) == 0, rename(draft, path) == 0 else {
            let failure = Self.failure(path)
            unlink(draft)
            throw failure
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            .badData, kind: "file",
            "\(path.visible()) cannot be written: \(String(cString: strerror(errno))); nothing is there")
    }
}
