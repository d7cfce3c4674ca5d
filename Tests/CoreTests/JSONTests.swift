import Testing

@testable import Core

@Suite struct JSONTests {
    private func parsed(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

    @Test(arguments: [
        "null", "true", "false", "\"\"", "[]", "{}", "0", "-0", "-0.0", "1.0", "1", "1e21", "1E+5", "1e-0", "-2.5e-9",
        "0.10", "9007199254740993", "-9223372036854775809", "123456789012345678901234567890.1234567890", "NaN",
        "Infinity", "-Infinity", #"{"b":1,"a":2,"c":{"z":[1,{"y":null}],"":false}}"#, #"[[],[[]],{}]"#,
        #"["\ud800","\udc00x","\ud800\u0041","\ud800\ud83d\ude00","a\n\ud800\/"]"#, "\"\u{5E9}\u{202E}\u{200D}😀\"",
        #"["\u001b[31m","\u007f","\"\\/"]"#,
    ])
    func valueComesBackAsItWentIn(_ text: String) throws {
        #expect(try parsed(text).text() == text)
    }

    @Test func spaceAndByteOrderMarkAreSkipped() throws {
        #expect(try parsed("\u{FEFF} \t\r\n{ \"a\" : [ 1 , 2 ] }\n ").text() == #"{"a":[1,2]}"#)
    }

    @Test func numbersAreReadAsWholeNumbersOnlyWhereTheyFit() throws {
        let whole = ["9007199254740993", "1e3", "2.0", "-0", "9223372036854775807", "-9223372036854775808"]
        let expected: [Int?] = [9_007_199_254_740_993, 1_000, 2, 0, Int.max, Int.min]
        #expect(try whole.map { try parsed($0).int } == expected)
        for text in ["1.5", "1e21", "1e400", "9223372036854775808", "NaN", "Infinity", "-Infinity", "\"1\"", "null"] {
            #expect(try parsed(text).int == nil, "\(text)")
        }
    }

    @Test func numbersAreReadAsDoubles() throws {
        #expect(try parsed("-2.5e-9").double == -2.5e-9)
        #expect(try parsed("-0.0").double?.sign == .minus)
        #expect(try parsed("NaN").double?.isNaN == true)
        #expect(try parsed("1e400").double == Double.infinity)
        #expect(try parsed("Infinity").double == Double.infinity)
        #expect(try parsed("-Infinity").double == -Double.infinity)
        #expect(JSONNumber(literal: "no number").double.isNaN)
    }

    @Test func doublesAreWrittenSoThatTheyReadBack() throws {
        let values: [Double] = [
            0.1, -0.0, 1e21, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity,
        ]
        for value in values {
            let text = JSONValue.number(JSONNumber(value)).text()
            #expect(try parsed(text).double?.bitPattern == value.bitPattern, "\(text)")
        }
        #expect(JSONNumber(Double.nan).literal == "NaN")
        #expect(JSONValue(UInt64.max).text() == "18446744073709551615")
    }

    @Test func escapesAreRead() throws {
        #expect(try parsed(#""\"\\\/\b\f\n\r\t""#).string == "\"\\/\u{8}\u{C}\n\r\t")
        #expect(try parsed(#""\u0041\u00e9\u20AC\ud83d\ude00\u0000""#).string == "Aé€😀\0")
    }

    @Test func loneSurrogatesReadAsReplacementCharacters() throws {
        #expect(try parsed(#""a\ud800b""#) == .unpairedString(escaped: #"a\ud800b"#))
        #expect(try parsed(#""a\ud800b\n""#).string == "a\u{FFFD}b\n")
        #expect(try parsed(#""\ude00\ud83d""#).string == "\u{FFFD}\u{FFFD}")
        #expect(try parsed(#""\ud800\ud83d\ude00""#).string == "\u{FFFD}😀")
        #expect(try parsed(#""\ud83d\\ude00""#).string == #"\#u{FFFD}\ude00"#)
    }

    @Test func onlyControlCharactersQuotesAndBackslashesAreEscaped() {
        let text = "\u{0}\u{1B}\u{7F}\n\r\n\t\"\\/é\u{2028}\u{202E}"
        #expect(JSONValue(text).text() == #""\u0000\u001b\u007f\n\r\n\t\"\\/é"# + "\u{2028}\u{202E}\"")
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1,}",
        "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{1:2}", "{null:2}", "{,}", "]", "}", "nul", "tru", "True", "nulls",
        "01", "-01", "00", "-", "+1", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1e5.5", "0x10", "1_000", "--1", "-NaN",
        "nan", "Inf", "-Inf", "\"", "\"abc", "\"\\", "\"\\\"", "\"\\x\"", "\"\\U0041\"", "\"\\u12\"", "\"\\u12G4\"",
        "\"\\u+123\"", "\"\\ud800\\u\"", "\"a\nb\"", "\"\u{1}\"", "'a'", "1 2", "[1]]", "{} {}", "\u{B}1", "[\u{A0}1]",
        "// note\n1",
    ])
    func malformedTextIsRefused(_ text: String) {
        #expect(throws: JSONError.self) { try parsed(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0xEF, 0xBB],
        ] as [[UInt8]])
    func bytesThatAreNotUTF8AreRefused(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func errorNamesTheReasonAndTheByte() {
        let error = #expect(throws: JSONError.self) { try parsed("[1, x]") }
        #expect(error?.offset == 4)
        #expect(error?.description == "not valid JSON: a value expected at byte 4")
        #expect(throws: JSONError(reason: "text after the value", offset: 3)) { try parsed("{} 1") }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func nestingIsBounded(_ start: String, _ end: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: start, count: depth) + "1" + String(repeating: end, count: depth)
        }
        #expect(try parsed(nested(JSONValue.nestingLimit)).text() == nested(JSONValue.nestingLimit))
        #expect(throws: JSONError.self) { try parsed(nested(JSONValue.nestingLimit + 1)) }
        #expect(throws: JSONError.self) { try parsed(String(repeating: start, count: 100_000)) }
    }

    @Test func neighboursDoNotAddToTheDepth() throws {
        let text = "[" + Array(repeating: "[[1],{\"a\":{}}]", count: 1_000).joined(separator: ",") + "]"
        #expect(try parsed(text).array?.count == 1_000)
    }

    @Test func prettyFormIsIndentedByTwoSpaces() throws {
        let value = try parsed(#"{"a":[1,{"b":null}],"c":[],"d":{},"e":"x"}"#)
        #expect(
            value.text(isPretty: true) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {},
                  "e": "x"
                }
                """)
        #expect(try parsed(value.text(isPretty: true)) == value)
    }

    @Test func ofARepeatedKeyTheLastValueCountsAtTheFirstPlace() throws {
        #expect(try parsed(#"{"a":1,"b":2,"\u0061":3}"#).text() == #"{"a":3,"b":2}"#)
    }

    @Test func keysAreToldApartByTheirCodePoints() throws {
        let text = "{\"\u{E9}\":1,\"e\u{301}\":2}"
        let value = try parsed(text)
        #expect(value.text() == text)
        #expect(value["\u{E9}"]?.int == 1)
        #expect(value["e\u{301}"]?.int == 2)
    }

    @Test func objectKeepsTheOrderOfItsKeysThroughChanges() {
        var object = JSONObject([("b", 1), ("a", 2), ("b", 3)])
        #expect(object.keys == ["b", "a"])
        object["c"] = "new"
        object["b"] = 4
        object["a"] = Optional<JSONValue>.none
        object["absent"] = Optional<JSONValue>.none
        #expect(JSONValue.object(object).text() == #"{"b":4,"c":"new"}"#)
        #expect(object.map(\.key) == ["b", "c"])
        #expect(object.count == 2 && !object.isEmpty && JSONObject().isEmpty)
        object["b"] = .null
        #expect(object["b"]?.isNull == true)
        #expect(object["absent"] == Optional<JSONValue>.none)
    }

    @Test func accessorsGiveTheirOwnKindOnly() throws {
        let value = try parsed(#"{"s":"x","n":1.5,"t":true,"z":null,"a":[1],"o":{"k":2}}"#)
        #expect(value["s"]?.string == "x" && value["n"]?.double == 1.5 && value["t"]?.bool == true)
        #expect(value["z"]?.isNull == true && value["a"]?.array?.count == 1 && value["o"]?["k"]?.int == 2)
        #expect(value["n"]?.string == nil && value["s"]?.double == nil && value["z"]?.bool == nil)
        #expect(value["o"]?.array == nil && value["a"]?.object == nil && value["s"]?.isNull == false)
        #expect(value["a"]?["k"] == Optional<JSONValue>.none && value["other"] == Optional<JSONValue>.none)
    }

    @Test func literalsAreValues() {
        let value: JSONValue = [
            "name": "Ferry", "places": 40, "open": true, "none": nil, "list": [1, "two"], "empty": [:],
        ]
        #expect(
            value.text() == #"{"name":"Ferry","places":40,"open":true,"none":null,"list":[1,"two"],"empty":{}}"#)
        #expect(JSONValue(String?.none).isNull && JSONValue(String?.some("x")).string == "x")
    }
}
