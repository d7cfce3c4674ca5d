import Core
import Foundation
import Testing

@Suite struct MediaTypeTests {
    @Test(
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], MediaType.png), ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
            (Array("RIFF....WEBPVP8 ".utf8), .webp), (Array("RIFF....WAVEfmt ".utf8), .wav),
            (Array("GIF89a".utf8), .gif),
            (Array("OggS".utf8), .ogg), (Array("fLaC".utf8), .flac), (Array("ID3\u{4}".utf8), .mp3),
            ([0xFF, 0xFB], .mp3),
            ([0xFF, 0xF3], .mp3), ([0xFF, 0xF1], nil), ([0xFF], nil), ([], nil), (Array("RIFF....AVI ".utf8), nil),
            (Array("RIFF".utf8), nil), (Array("<html>".utf8), nil), (Array("\u{89}PNG".utf8), nil),
        ] as [([UInt8], MediaType?)])
    func theFirstBytesTellWhatItIs(bytes: [UInt8], type: MediaType?) {
        #expect(MediaType(of: Data(bytes)) == type)
        #expect(MediaType(of: Data([0] + bytes).dropFirst()) == type)
    }

    @Test func namesAreReadInTheirUsualSpellings() {
        for type in MediaType.allCases { #expect(MediaType(named: type.rawValue) == type) }
        #expect(MediaType(named: "audio/mp3") == .mp3 && MediaType(named: "image/jpg") == .jpeg)
        #expect(MediaType(named: "audio/x-wav") == .wav && MediaType(named: "text/html") == nil)
        #expect(Set(MediaType.allCases.map(\.fileExtension)).count == MediaType.allCases.count)
    }
}
