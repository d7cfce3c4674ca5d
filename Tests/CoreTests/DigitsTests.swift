import Core
import Testing

@Suite struct DigitsTests {
    @Test func largeCountsAreGrouped() {
        #expect(0.grouped == "0" && 999.grouped == "999" && (-1_000).grouped == "-1,000")
        #expect(Int64(1_234_567).grouped == "1,234,567")
        #expect(Int64.min.grouped == "-9,223,372,036,854,775,808")
    }

    @Test func bytesHaveTwoDigitsEach() {
        #expect([UInt8]().hexadecimal.isEmpty)
        #expect([0, 9, 10, 0xAB, 255].hexadecimal == "00090aabff")
    }
}
