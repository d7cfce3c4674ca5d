import Foundation

extension String {
    /// A path with a leading `~` replaced by the user's home, which is what `HOME` says, as for a shell.
    package var expandingHome: String {
        guard self == "~" || hasPrefix("~/") else { return self }
        let named = ProcessInfo.processInfo.environment["HOME"] ?? ""
        return (named.hasPrefix("/") ? named : NSHomeDirectory()) + dropFirst()
    }
}
