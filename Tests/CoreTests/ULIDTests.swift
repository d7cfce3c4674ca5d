import Foundation
import Testing

@testable import Core

@Suite struct ULIDTests {
    private struct Constant: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 { value }
    }

    private func id(milliseconds: Int64, random: UInt64) -> ULID {
        var generator = Constant(value: random)
        return ULID(at: Moment(wall: milliseconds * 1_000, sinceBoot: 0), using: &generator)
    }

    @Test func timeIsInTheFirstTenCharactersAndChanceInTheOthers() {
        #expect(id(milliseconds: 1_469_918_176_385, random: 0).description == "01ARYZ6S410000000000000000")
        #expect(id(milliseconds: 1_469_918_176_385, random: .max).description == "01ARYZ6S41ZZZZZZZZZZZZZZZZ")
        #expect(id(milliseconds: 0, random: 1).description == "00000000000000000000002001")
    }

    @Test func momentsOutsideTheRangeStillMakeAnIdentifier() {
        #expect(id(milliseconds: 281_474_976_710_655, random: 0).description == "7ZZZZZZZZZ0000000000000000")
        #expect(id(milliseconds: -1, random: 0).description == String(repeating: "0", count: 26))
        for wall in [Int64.min, .max] {
            let id = ULID(at: Moment(wall: wall, sinceBoot: 0))
            #expect(ULID(id.description) == id)
        }
    }

    @Test func laterIdentifiersSortBehind() {
        let ids = [
            id(milliseconds: 1, random: .max), id(milliseconds: 2, random: 0), id(milliseconds: 2, random: 5),
            id(milliseconds: 1_795_521_600_000, random: 0),
        ]
        #expect(ids.reversed().sorted() == ids)
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func identifiersOfOneMomentDiffer() {
        let moment = Moment(wall: 1_795_521_600_000_000, sinceBoot: 0)
        #expect(Set((0..<1_000).map { _ in ULID(at: moment) }).count == 1_000)
    }

    @Test func nextIdentifierSortsBehindTheLastWhateverTheClockDoes() {
        var last = id(milliseconds: 5, random: .max)
        for milliseconds in [5, 5, 7, 6, 900] as [Int64] {
            let next = ULID(at: Moment(wall: milliseconds * 1_000, sinceBoot: 0), after: last)
            #expect(next > last)
            #expect(next >= id(milliseconds: milliseconds, random: 0))
            last = next
        }
        #expect(last < id(milliseconds: 901, random: 0))
    }

    @Test func nextIdentifierAfterTheLastOfAMillisecondBelongsToTheFollowingOne() throws {
        let last = try #require(ULID("0000000005ZZZZZZZZZZZZZZZZ"))
        let next = ULID(at: Moment(wall: 5_000, sinceBoot: 0), after: last)
        #expect(next.description == "00000000060000000000000000")
    }

    @Test func itsOwnFormIsRead() {
        let id = ULID(at: Moment(wall: 1_795_521_600_000_000, sinceBoot: 0))
        #expect(ULID(id.description) == id)
        #expect(ULID("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")?.description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    }

    @Test(arguments: [
        "", "01ARYZ6S41TSV4RRFFQ69G5FA", "01ARYZ6S41TSV4RRFFQ69G5FAVX", "01aryz6s41tsv4rrffq69g5fav",
        "81ARYZ6S41TSV4RRFFQ69G5FAV", "Z1ARYZ6S41TSV4RRFFQ69G5FAV", "01ARYZ6S41TSV4RRFFQ69G5FAI",
        "01ARYZ6S41TSV4RRFFQ69G5FAL", "01ARYZ6S41TSV4RRFFQ69G5FAO", "01ARYZ6S41TSV4RRFFQ69G5FAU",
        "01ARYZ6S41TSV4RRFFQ69G5F\u{C9}", "01ARYZ6S41-TSV4RRFFQ69G5FA", "../../../../../../etc/pass",
        // The Kelvin sign, which Swift holds to be equal to the letter K.
        "01ARYZ6S41TSV4RRFFQ69G5\u{212A}",
    ])
    func everythingElseIsRefused(_ text: String) {
        #expect(ULID(text) == nil)
    }

    @Test func codedFormIsItsText() throws {
        let ids = [id(milliseconds: 5, random: 7)]
        let bytes = try JSONEncoder().encode(ids)
        #expect(String(decoding: bytes, as: UTF8.self) == "[\"\(ids[0])\"]")
        #expect(try JSONDecoder().decode([ULID].self, from: bytes) == ids)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ULID].self, from: Data(#"["x"]"#.utf8)) }
    }
}
