import Crypto
import Foundation

extension Book {
    /// The IFID, a UUID in capitals: the same for every edition that keeps its title and its first scene.
    var identifier: String {
        var bytes = Array(
            SHA256.hash(data: Data("questfoundry-book\n\(title)\n\(scenes.first?.id ?? "")".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined().uppercased()
        var groups: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return groups.joined(separator: "-")
    }
}
