import Core
import Foundation
import Logging
import TestKit
import Testing

@testable import Workspace

@Suite struct LogFileTests {
    private let folder: TemporaryFolder
    private var logs: String { folder.file("logs") }

    init() throws { folder = try TemporaryFolder() }

    private func file(bytes: Int = 1_000, files: Int = 3) -> LogFile {
        LogFile(folder: logs, name: "q.log", limits: LogFile.Limits(bytes: bytes, files: files))
    }

    private func lines(_ name: String = "q.log") -> [String] {
        let data = FileManager.default.contents(atPath: "\(logs)/\(name)") ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: logs)) ?? []).sorted()
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func nothingIsMadeBeforeTheFirstLine() throws {
        let log = file()
        #expect(names.isEmpty && !FileManager.default.fileExists(atPath: logs))
        log.write("one")
        log.write("two")
        #expect(lines() == ["one", "two"])
        #expect(try mode("\(logs)/q.log") == 0o600 && mode(logs) == 0o700)
    }

    @Test func fullFileIsSetAsideAndOnlySoManyAreKept() {
        let log = file(bytes: 100, files: 3)
        for number in 1...50 { log.write("line \(number) \(String(repeating: "x", count: 20))") }
        #expect(names == ["q.log", "q.log.1", "q.log.2"])
        for name in names {
            let size = (lines(name).map { $0.utf8.count + 1 }).reduce(0, +)
            #expect(size <= 100 && size > 0, "\(name)")
        }
        let kept = (lines("q.log.2") + lines("q.log.1") + lines()).compactMap {
            $0.split(separator: " ").dropFirst().first
        }
        #expect(kept.last == "50")
        #expect(kept == (51 - kept.count...50).map { "\($0)" }[...].map { Substring($0) })
    }

    @Test func oneFileAloneStartsAnew() {
        let log = file(bytes: 40, files: 1)
        for number in 10...30 { log.write("line \(number)") }
        #expect(names == ["q.log"])
        #expect(lines().last == "line 30" && lines().count <= 5)
    }

    @Test func severalWritersLoseNoLine() async {
        let writers = 8
        let count = 300
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                let log = file(bytes: 4_000, files: 100)
                group.addTask { for number in 0..<count { log.write("\(writer) \(number)") } }
            }
        }
        let all = names.flatMap { lines($0) }
        let expected = (0..<writers).flatMap { writer in (0..<count).map { "\(writer) \($0)" } }
        #expect(all.count == expected.count && Set(all) == Set(expected))
        #expect(names.count > 2 && names.count < 100)
        // Nobody sets aside what somebody else has just begun.
        for name in names where name != "q.log" {
            #expect(lines(name).reduce(0) { $0 + $1.utf8.count + 1 } > 3_950, "\(name)")
        }
    }

    @Test func fileThatSomebodyMovedAwayIsMadeAnew() throws {
        let log = file()
        log.write("one")
        try FileManager.default.removeItem(atPath: logs)
        log.write("two")
        #expect(lines() == ["two"])
    }

    @Test func folderThatMayNotBeWrittenLosesLinesAndNothingElse() throws {
        let blocked = LogFile(folder: folder.file("none/logs"), name: "q.log")
        blocked.write("one")
        try Data().write(to: URL(filePath: folder.file("plain")))
        LogFile(folder: folder.file("plain"), name: "q.log").write("one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plain"])
        // Root may write everywhere, so that this part says nothing then.
        mkdir(logs, 0o500)
        file().write("one")
        #expect(names.isEmpty || getuid() == 0)
        chmod(logs, 0o700)
    }

    @Test func lineThatTheDiskDidNotTakeBreaksNoOther() throws {
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        mkfifo("\(logs)/q.log", 0o600)
        file().write("nobody reads this")
        unlink("\(logs)/q.log")
        symlink("/dev/full", "\(logs)/q.log")
        file().write("this follows no link")
        unlink("\(logs)/q.log")
        file().write("at last")
        #expect(lines() == ["at last"])
    }

    @Test func linksLeadNowhere() throws {
        let elsewhere = folder.file("elsewhere")
        try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        symlink(elsewhere, logs)
        file().write("one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }

    @Test func fileThatCannotBeSetAsideHasAnEndAllTheSame() throws {
        try FileManager.default.createDirectory(
            atPath: "\(logs)/q.log.1/in the way", withIntermediateDirectories: true)
        let log = file(bytes: 100, files: 2)
        for number in 10...99 { log.write("line \(number)") }
        #expect(lines().count == 25)
    }

    @Test func lineLargerThanAFileIsLost() {
        let log = file(bytes: 100)
        log.write(String(repeating: "x", count: 100))
        log.write("small")
        #expect(lines() == ["small"])
    }

    // MARK: - Lines

    @Test func eventIsOneObjectWithItsFields() throws {
        let time = ManualTime()
        var logger = Logger(label: "test") { [log = file()] _ in FileLogHandler(log, time: time) }
        logger[metadataKey: "session"] = "01ABC"
        logger.debug("too fine")
        logger.notice(
            "budget alert",
            metadata: [
                "count": .stringConvertible(7), "good": .stringConvertible(true), "name": "a\u{1B}[31m\u{202E}b\nc",
                "long": .string(String(repeating: "y", count: 1_000)), "list": ["1", .stringConvertible(2)],
                "time": "mine",
            ])
        struct Leak: Error { var secret = "sk-123" }
        logger.error("broken", error: Leak())
        #expect(lines().count == 2 && !lines().joined().contains("sk-123"))
        let line = try JSONValue(parsing: try #require(lines().first))
        #expect(line["time"]?.string == "2026-11-24T12:00:00.000Z" && line["level"]?.string == "notice")
        #expect(line["event"]?.string == "budget alert" && line["session"]?.string == "01ABC")
        #expect(line["count"]?.int == 7 && line["good"]?.bool == true && line["list"] == ["1", 2])
        #expect(line["name"]?.string == "a␛[31m⟨U+202E⟩b c" && line["long"]?.string?.count == 200)
        #expect(try JSONValue(parsing: lines()[1])["error"]?.string == "Leak")
    }
}
