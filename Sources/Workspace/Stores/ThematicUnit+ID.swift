public import Core

extension ThematicUnit {
    /// A unit's id that none of those taken has: `TU-2026-11-24-LA01`, with today's date in local time, capitals that stand
    /// for a title, and a number.
    public static func newID(for title: String, at moment: Moment, besides taken: Set<String>) -> String {
        let day = LocalTimestamp.text(of: moment).prefix(10)
        let capitals = capitals(of: title)
        // Who needs more than 99 in a day gets further capitals.
        for capitals in [capitals] + alphabet.map({ capitals.prefix(3) + String($0) }) {
            for number in 1...99 {
                let id = "TU-\(day)-\(capitals)\(LocalTimestamp.two(Int32(number)))"
                if !taken.contains(id) { return id }
            }
        }
        return "TU-\(day)-\(ULID(at: moment))"
    }

    private static let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    /// Two to four capitals: the initials of a title's words, else its first letters, else TU.
    private static func capitals(of title: String) -> String {
        let words = title.uppercased().split { !alphabet.contains($0) }
        let initials = String(words.compactMap(\.first).prefix(4))
        if initials.count >= 2 { return initials }
        let letters = words.joined().prefix(3)
        return letters.count >= 2 ? String(letters) : "TU"
    }
}
