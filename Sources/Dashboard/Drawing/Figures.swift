import Core

/// How figures are written: every pane writes the same figure the same way.
enum Figures {
    /// `0.31`, `0.0042`, `4.11`, `0`: as many digits as tell something.
    static func dollars(_ money: Money) -> String {
        let magnitude = money.picodollars.magnitude
        switch magnitude {
        case 0: return "0"
        case ..<100_000_000: return "<0.0001"
        case ..<100_000_000_000: return money.dollars(decimals: 4)
        default: return money.dollars(decimals: 2)
        }
    }

    /// `new take` for `new_take`.
    static func words(_ name: String) -> String {
        name.isEmpty ? "unknown" : name.split(separator: "_").joined(separator: " ")
    }

    /// `$0.31`; `$?` when something without a price was used.
    static func price(_ money: Money?) -> String { money.map { "$" + dollars($0) } ?? "$?" }

    /// `812`, `1.2k`, `19.2k`, `310k`, `4.1M`.
    static func compact(_ count: Int) -> String {
        switch count.magnitude {
        case ..<1_000: return "\(count)"
        case ..<100_000: return "\(tenths(count, of: 1_000))k"
        case ..<1_000_000: return "\(count / 1_000)k"
        default: return "\(tenths(count, of: 1_000_000))M"
        }
    }

    private static func tenths(_ count: Int, of unit: Int) -> String {
        let tenths = count / (unit / 10)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// `0.84`, `12.4`, `310`: three digits at most, and no more decimals than two.
    static func decimal(_ value: Double) -> String {
        let hundredths = Int((min(max(value, 0), 99_999_999) * 100).rounded())
        if hundredths >= 10_000 { return "\(hundredths / 100)" }
        if hundredths >= 1_000 { return "\(hundredths / 100).\(hundredths % 100 / 10)" }
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }

    /// `84 ms`, `9.40 s`.
    static func latency(_ milliseconds: Double) -> String {
        milliseconds < 1_000 ? "\(Int(milliseconds.rounded())) ms" : "\(decimal(milliseconds / 1_000)) s"
    }

    /// `1,204`.
    static func count(_ count: Int) -> String { count.grouped }

    /// `1 entry`, `1,204 entries`.
    static func entries(_ count: Int) -> String { "\(self.count(count)) \(count == 1 ? "entry" : "entries")" }

    /// `61 %`; a dash when nothing was counted yet.
    static func percent(_ rate: Double?) -> String {
        guard let rate, rate.isFinite else { return "-" }
        return "\(Int((min(99.99, max(-99.99, rate)) * 100).rounded())) %"
    }

    /// `38 MB`, `3.4 MB`, `12 kB`, `0 B`; a megabyte is 1,048,576 bytes.
    static func bytes(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<1_048_576: "\(bytes / 1_024) kB"
        case ..<10_485_760: "\(tenths((bytes * 10 + 524_288) / 1_048_576, of: 10)) MB"
        default: "\(bytes / 1_048_576) MB"
        }
    }

    /// `38/500 MB`, `12 kB/500 MB`.
    static func share(_ bytes: Int, of cap: Int) -> String {
        let (part, whole) = (Self.bytes(bytes).split(separator: " "), Self.bytes(cap).split(separator: " "))
        guard part.last == whole.last, let figure = part.first else {
            return "\(Self.bytes(bytes))/\(Self.bytes(cap))"
        }
        return "\(figure)/\(Self.bytes(cap))"
    }

    /// A stretch of time in microseconds, rounded up: `8 s`, `3 min`, `5 h`, `2 d`.
    static func duration(_ microseconds: Int64) -> String {
        let seconds = max(0, (microseconds + 999_999) / 1_000_000)
        switch seconds {
        case ..<100: return "\(seconds) s"
        case ..<6_000: return "\((seconds + 59) / 60) min"
        case ..<172_800: return "\((seconds + 3_599) / 3_600) h"
        default: return "\((seconds + 86_399) / 86_400) d"
        }
    }

    /// `00:42`, `1:02:03`.
    static func elapsed(_ microseconds: Int64) -> String {
        let seconds = max(0, microseconds / 1_000_000)
        let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
        guard minutes >= 60 else { return "\(twoDigits(minutes)):\(twoDigits(rest))" }
        return "\(minutes / 60):\(twoDigits(minutes % 60)):\(twoDigits(rest))"
    }

    /// The time of day, `12:04` or `12:04:31`.
    static func clock(_ wall: Int64, utcOffset: Int, withSeconds: Bool) -> String {
        let second = wall / 1_000_000 + Int64(utcOffset)
        let ofDay = ((second % 86_400) + 86_400) % 86_400
        let minutes = "\(twoDigits(ofDay / 3_600)):\(twoDigits(ofDay / 60 % 60))"
        return withSeconds ? "\(minutes):\(twoDigits(ofDay % 60))" : minutes
    }

    /// The day of the month, `24`.
    static func dayOfMonth(_ wall: Int64, utcOffset: Int) -> String { "\(date(wall, utcOffset).day)" }

    /// `11-24`.
    static func monthAndDay(_ wall: Int64, utcOffset: Int) -> String {
        let date = date(wall, utcOffset)
        return "\(twoDigits(Int64(date.month)))-\(twoDigits(Int64(date.day)))"
    }

    private static func date(_ wall: Int64, _ utcOffset: Int) -> (month: Int, day: Int) {
        // Civil days from 1970, as Howard Hinnant counts them.
        let days = Int((Double(wall) / 1e6 + Double(utcOffset)) / 86_400) + 719_468
        let ofEra = days % 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        return (month < 10 ? month + 3 : month - 9, ofYear - (153 * month + 2) / 5 + 1)
    }

    private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
