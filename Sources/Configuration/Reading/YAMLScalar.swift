/// What plain scalars mean in YAML 1.1, as PyYAML's `safe_load` reads them.
enum YAMLScalar {
    static func isNull(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

    static func flag(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": false
        default: nil
        }
    }

    /// A whole number: decimal, `0b1010`, octal `017`, `0xFF`, sexagesimal `1:30`, with underscores between digits.
    static func whole(_ text: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let unsigned = text.hasPrefix("+") || isNegative ? text.dropFirst() : text[...]
        guard let first = unsigned.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return nil
        }
        let digits = unsigned.filter { $0 != "_" }
        guard let magnitude = magnitude(digits) else { return nil }
        return isNegative ? 0 - magnitude : magnitude
    }

    private static func magnitude(_ digits: String) -> Int? {
        if digits.contains(":") { return sexagesimal(digits) }
        guard digits.count > 1, digits.hasPrefix("0") else { return Int(digits) }
        if digits.hasPrefix("0b") { return parse(digits.dropFirst(2), radix: 2) }
        if digits.hasPrefix("0x") { return parse(digits.dropFirst(2), radix: 16) }
        return parse(digits.dropFirst(), radix: 8)
    }

    /// As `Int(_:radix:)`, but without a sign.
    private static func parse(_ digits: Substring, radix: Int) -> Int? {
        digits.first?.isHexDigit == true ? Int(digits, radix: radix) : nil
    }

    private static func sexagesimal(_ digits: String) -> Int? {
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard !digits.hasPrefix("0") else { return nil }
        var sum = 0
        for (index, part) in parts.enumerated() {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(part), index == 0 || number < 60
            else { return nil }
            let (product, overflow) = sum.multipliedReportingOverflow(by: 60)
            let (total, overflows) = product.addingReportingOverflow(number)
            guard !overflow, !overflows else { return nil }
            sum = total
        }
        return sum
    }

    /// A finite number: a whole one, or a decimal with or without an exponent.
    static func number(_ text: String) -> Double? {
        if let whole = whole(text) { return Double(whole) }
        let digits = text.filter { $0 != "_" }
        let isDecimal = digits.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard isDecimal, let number = Double(digits), number.isFinite else { return nil }
        return number
    }
}
