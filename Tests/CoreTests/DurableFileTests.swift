import Foundation
import TestKit
import Testing

@testable import Core

@Suite struct DurableFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.file(name))) }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    @Test(arguments: [0, 1, 3 << 20])
    func fileIsWrittenWholeForItsOwnerOnly(_ size: Int) throws {
        let data = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try DurableFile.write(data, to: folder.file("a.json"))
        #expect(try bytes("a.json") == data)
        #expect(try mode("a.json") == 0o600)
        #expect(try names() == ["a.json"])
    }

    @Test func fileIsReplacedWithItsMode() throws {
        try Data("a longer text than the new one".utf8).write(to: URL(filePath: folder.file("a.json")))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file("a.json"))
        try DurableFile.write(Data("new".utf8), to: folder.file("a.json"))
        #expect(try bytes("a.json") == Data("new".utf8))
        #expect(try mode("a.json") == 0o600)
        #expect(try names() == ["a.json"])
    }

    @Test func linkIsReplacedAndNotWhatItPointsTo() throws {
        try Data("old".utf8).write(to: URL(filePath: folder.file("target")))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: folder.file("target"))
        try DurableFile.write(Data("new".utf8), to: folder.file("link"))
        #expect(try bytes("target") == Data("old".utf8))
        #expect(try bytes("link") == Data("new".utf8))
    }

    @Test func missingFolderIsAnErrorThatNamesThePath() throws {
        let path = folder.file("none/a.json")
        let failure = #expect(throws: DurableFile.Failure.self) { try DurableFile.write(Data("x".utf8), to: path) }
        #expect(failure?.path == path)
        #expect(failure?.code == ENOENT)
        #expect(failure?.reason.isEmpty == false)
        #expect(failure?.isDiskFull == false)
        #expect(try names().isEmpty)
    }

    @Test func folderAtThePlaceIsLeftAndNoTemporaryFileRemains() throws {
        let path = folder.file("a.json")
        try FileManager.default.createDirectory(atPath: path + "/inner", withIntermediateDirectories: true)
        let failure = #expect(throws: DurableFile.Failure.self) { try DurableFile.write(Data("x".utf8), to: path) }
        #expect(failure?.path == path)
        #expect(try names() == ["a.json"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["inner"])
    }

    @Test func oneOfSeveralWritersWinsWhole() async throws {
        let path = folder.file("a.json")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for letter in UInt8(ascii: "a")...UInt8(ascii: "h") {
                group.addTask { try DurableFile.write(Data(repeating: letter, count: 100_000), to: path) }
            }
            try await group.waitForAll()
        }
        let written = try bytes("a.json")
        #expect(written.count == 100_000)
        #expect(Set(written).count == 1)
        #expect(try names() == ["a.json"])
    }

    @Test(arguments: [(ENOSPC, true), (EDQUOT, true), (EFBIG, true), (EACCES, false), (EIO, false)])
    func fullDiskIsToldFromOtherFailures(_ code: Int32, _ isFull: Bool) {
        #expect(DurableFile.Failure(path: "/p", code: code).isDiskFull == isFull)
    }
}
