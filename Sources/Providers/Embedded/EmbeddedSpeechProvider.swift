import Core
import Foundation

/// A provider in this process that hums a text: one note for each word, at most ``longest`` of them.
///
/// The same text, voice and seed give the same bytes on every machine. It cannot speak.
struct EmbeddedSpeechProvider: SpeechProvider {
    private static let longest = 16
    private static let rate = 8_000
    private static let noteLength = rate / 8

    let name: String

    func generate(_ call: SpeechCall, permit: Permit) async throws(ProviderError) -> Answer {
        guard !Task.isCancelled else { throw .cancelled(in: name) }
        let seed = call.takeSeed ?? UInt64(max(call.take, 1) - 1)
        var random = StableRandom([call.text, call.voice ?? ""], seed: seed)
        let words = min(max(call.text.split(whereSeparator: \.isWhitespace).count, 1), Self.longest)
        let samples = (0..<words).flatMap { _ in Self.note(period: Self.periods[random.next(below: Self.periods.count)])
        }
        return Answer(
            text: "", usage: Usage(inputTokens: 0, outputTokens: 0, characters: call.characters),
            model: EmbeddedTextProvider.model, media: Media(bytes: Data(Self.wav(samples)), type: .wav))
    }

    /// The notes of a pentatonic scale, as samples for one wave.
    private static let periods = [36, 32, 29, 24, 21, 18]

    /// A triangle wave that swells and fades: whole numbers, so that it is the same everywhere.
    private static func note(period: Int) -> [Int16] {
        (0..<noteLength).map { index in
            let phase = index % period
            let wave = abs(4 * phase - 2 * period) - period
            let loudness = min(index, noteLength - index, 200)
            return Int16(clamping: wave * loudness * 30 / period)
        }
    }

    /// Samples of 16 bits, one channel, in the form of http://soundfile.sapp.org/doc/WaveFormat/.
    private static func wav(_ samples: [Int16]) -> [UInt8] {
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        let data = samples.flatMap { bytes($0) }
        let format =
            bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(rate)) + bytes(UInt32(rate * 2))
            + bytes(UInt16(2)) + bytes(UInt16(16))
        let body = Array("WAVEfmt ".utf8) + format + Array("data".utf8) + bytes(UInt32(data.count)) + data
        return Array("RIFF".utf8) + bytes(UInt32(body.count)) + body
    }
}
