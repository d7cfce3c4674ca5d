import TestKit
import Testing

@testable import Providers

@Suite struct EventFrameParserTests {
    private let form = FakeBedrockForm(secretKey: secretKey)

    private func event(_ payload: String, type: String = "event", name: String = "delta") -> [UInt8] {
        form.frame(type: type, name: name, Array(payload.utf8))
    }

    private func texts(_ bytes: [UInt8], in pieces: Int = .max) throws -> [String] {
        var parser = EventFrameParser()
        var texts: [String] = []
        for start in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
            let piece = bytes[start..<min(start + pieces, bytes.count)]
            texts += try parser.take(piece).map { String(decoding: $0, as: UTF8.self) }
        }
        return texts
    }

    @Test(arguments: [1, 7, 50, 1_000]) func eventsComeOutHoweverTheyAreCut(size: Int) throws {
        let bytes = event("{\"a\":1}") + event("{}", name: "stop") + event("[\"Ł\"]")
        #expect(try texts(bytes, in: size) == ["{\"delta\":{\"a\":1}}", "{\"stop\":{}}", "{\"delta\":[\"Ł\"]}"])
        #expect(try texts(bytes.dropLast(), in: size).count == 2)
    }

    @Test func anExceptionIsAnError() throws {
        let bytes = event("{\"message\":\"slow\"}", type: "exception", name: "throttlingException")
        #expect(try texts(bytes) == ["{\"error\":{\"message\":\"slow\"}}"])
    }

    @Test func whatIsNoEventIsPassedOver() throws {
        #expect(try texts(event("{}", type: "other") + event("{}", name: "a\"b")).isEmpty)
    }

    /// Every byte counts in one check sum or the other.
    @Test func aChangedByteIsNoticed() throws {
        let bytes = event("{\"a\":1}")
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: AnswerFault.self, "byte \(place)") {
                var parser = EventFrameParser()
                _ = try parser.take(damaged)
            }
        }
    }

    @Test func aFrameThatCannotBeIsRefusedBeforeItHasCome() {
        for length: UInt32 in [0, 15, 1 << 30] {
            let prelude = length.bigEndianBytes + UInt32(0).bigEndianBytes
            let bytes = prelude + CRC32.checksum(of: prelude).bigEndianBytes
            #expect(throws: AnswerFault.self) {
                var parser = EventFrameParser()
                _ = try parser.take(bytes)
            }
        }
    }

    @Test func headersThatReachBeyondTheFrameAreRefused() {
        let head = UInt32(20).bigEndianBytes + UInt32(5).bigEndianBytes
        let frame = head + CRC32.checksum(of: head).bigEndianBytes + [0, 0, 0, 0]
        #expect(throws: AnswerFault.self) {
            var parser = EventFrameParser()
            _ = try parser.take(frame + CRC32.checksum(of: frame).bigEndianBytes)
        }
    }

    @Test func theCheckSumIsTheStandardOne() {
        #expect(CRC32.checksum(of: "123456789".utf8) == 0xCBF4_3926)
    }
}
