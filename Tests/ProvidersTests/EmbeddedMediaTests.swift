import Configuration
import Core
import Foundation
import Testing

@testable import Providers

/// The pictures and sounds that are made in this process.
@Suite struct EmbeddedMediaTests {
    private let pictures = MediaSubject(.embedded, .image, nil)
    private let sounds = MediaSubject(.embedded, .audio, nil)

    private func bytes(_ subject: MediaSubject, _ words: String = "Fog.", take: Int = 1) async throws -> [UInt8] {
        Array(try #require(try await subject.generate(words, take: take).media).bytes)
    }

    @Test func theSameCallGivesTheSameBytesAndAnotherOthers() async throws {
        for subject in [pictures, sounds] {
            let first = try await bytes(subject, "Fog over the long harbour wall.")
            #expect(try await bytes(subject, "Fog over the long harbour wall.") == first)
            #expect(try await bytes(subject, "Rain over the long harbour wall.") != first)
            #expect(try await bytes(subject, "Fog over the long harbour wall.", take: 2) != first)
            #expect(first.count < 64_000)
        }
    }

    @Test func aTakeIsTheNextSeed() async throws {
        var call = pictures.image("Fog.")
        (call.seed, call.take) = (4, 3)
        let third = try await pictures.generate(call)
        (call.seed, call.take) = (6, 1)
        #expect(try await pictures.generate(call).media == third.media)
    }

    @Test(arguments: [(1024, 1024, 128, 128), (1792, 1024, 128, 73), (3, 5, 3, 5), (65_536, 1, 128, 1), (1, 1, 1, 1)])
    func aPictureHasTheProportionsAskedFor(width: Int, height: Int, _ small: Int, _ tall: Int) async throws {
        var call = pictures.image("Fog.")
        (call.width, call.height) = (width, height)
        let png = try PNGReader(Array(try #require(try await pictures.generate(call).media).bytes))
        #expect(png.width == small && png.height == tall && png.rows.count == (small + 1) * tall)
        #expect(png.rows.allSatisfy { $0 < 16 } && png.palette == 48)
    }

    @Test func aSoundIsShortAndWhole() async throws {
        for (words, notes) in [("", 1), ("One two three.", 3), (String(repeating: "word ", count: 500), 16)] {
            let wav = try await bytes(sounds, words)
            func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(wav[place + $1]) << (8 * $1) } }
            #expect(wav.starts(with: "RIFF".utf8) && number(4) == wav.count - 8)
            #expect(number(24) == 8_000 && number(40) == wav.count - 44 && wav.count - 44 == notes * 2_000)
            #expect(Set(wav.dropFirst(44)).count > 20)
        }
    }
}

/// Reads a picture as a strict reader would: every length and check sum counts.
private struct PNGReader {
    struct Damaged: Error {}

    var width = 0
    var height = 0
    var palette = 0
    /// Each row with the number of its filter before it.
    var rows: [UInt8] = []

    init(_ png: [UInt8]) throws {
        var rest = png.dropFirst(8)
        var data: [UInt8] = []
        var isEnded = false
        while !rest.isEmpty {
            let length = Int(UInt32(bigEndianBytes: rest))
            let body = rest.dropFirst(4).prefix(length + 4)
            let content = body.dropFirst(4)
            guard content.count == length,
                CRC32.checksum(of: body) == UInt32(bigEndianBytes: rest.dropFirst(8 + length))
            else { throw Damaged() }
            switch String(decoding: body.prefix(4), as: UTF8.self) {
            case "IHDR":
                width = Int(UInt32(bigEndianBytes: content))
                height = Int(UInt32(bigEndianBytes: content.dropFirst(4)))
            case "PLTE": palette = length
            case "IDAT": data += content
            case "IEND": isEnded = true
            default: throw Damaged()
            }
            rest = rest.dropFirst(12 + length)
        }
        guard isEnded else { throw Damaged() }
        try inflate(data)
    }

    private mutating func inflate(_ stream: [UInt8]) throws {
        guard stream.count > 6, (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 else { throw Damaged() }
        var rest = stream.dropFirst(2)
        var isLast = false
        while !isLast {
            let head = Array(rest.prefix(5))
            let length = Int(head[1]) | Int(head[2]) << 8
            guard head[0] < 2, length ^ 0xFFFF == Int(head[3]) | Int(head[4]) << 8 else { throw Damaged() }
            isLast = head[0] == 1
            rows += rest.dropFirst(5).prefix(length)
            rest = rest.dropFirst(5 + length)
        }
        var (low, high) = (1, 0)
        for byte in rows { (low, high) = ((low + Int(byte)) % 65_521, (high + low + Int(byte)) % 65_521) }
        guard rest.count == 4, Int(UInt32(bigEndianBytes: rest)) == high << 16 | low else { throw Damaged() }
    }
}
