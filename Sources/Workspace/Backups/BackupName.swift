import Core
import Foundation

/// A backup's name, which is its folder's: when it was made, in UTC, and why. Names sort by time.
struct BackupName: Hashable, Sendable {
    let text: String

    /// A name that was given from outside; nil for one that is none.
    init?(_ text: String) {
        guard (1...120).contains(text.utf8.count), text.utf8.first.map(Self.isPlain) == true,
            text.utf8.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return nil }
        self.text = text
    }

    /// The name of a backup that is made now, unlike those that are there.
    init(at moment: Moment, reason: Backup.Reason, besides taken: Set<String>) {
        let stem = "\(Self.stamp(of: moment))-\(reason.rawValue)"
        var text = stem
        var number = 2
        while taken.contains(text) {
            text = "\(stem)-\(number)"
            number += 1
        }
        self.text = text
    }

    /// `20261124T120000.000Z`
    private static func stamp(of moment: Moment) -> String {
        var seconds = time_t(moment.wall / 1_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [parts.tm_mon + 1, parts.tm_mday].map(LocalTimestamp.two).joined()
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(LocalTimestamp.two).joined()
        let thousandths = String(1_000 + max(0, moment.wall / 1_000 % 1_000)).dropFirst()
        return "\(parts.tm_year + 1900)\(date)T\(time).\(thousandths)Z"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
