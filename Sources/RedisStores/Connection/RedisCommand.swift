#if Redis
    import Foundation

    /// One command with its arguments, as the protocol writes it: lengths and bytes, so that no value is ever taken for
    /// another (https://redis.io/docs/latest/develop/reference/protocol-spec/).
    struct RedisCommand: Sendable {
        private(set) var bytes: [UInt8]

        init(_ words: [RedisWord]) {
            bytes = Array("*\(words.count)\r\n".utf8)
            bytes.reserveCapacity(words.reduce(16) { $0 + $1.bytes.count + 16 })
            for word in words {
                bytes += Array("$\(word.bytes.count)\r\n".utf8)
                bytes += word.bytes
                bytes += [13, 10]
            }
        }

        init(_ words: RedisWord...) { self.init(words) }
    }

    /// A word of a command: a text, a number or bytes.
    struct RedisWord: Sendable, ExpressibleByStringInterpolation {
        let bytes: [UInt8]

        init(stringLiteral value: String) { bytes = Array(value.utf8) }
        init(_ text: String) { bytes = Array(text.utf8) }
        init(_ data: Data) { bytes = Array(data) }
        init(_ question: MessagePack) { bytes = question.bytes }
        init(_ number: some BinaryInteger) { bytes = Array(String(number).utf8) }
    }

    /// What the server answered to one command.
    enum RedisReply: Hashable, Sendable {
        case null
        case whole(Int64)
        case bytes(Data)
        /// The first word of the server's message, `NOSCRIPT`; the rest may repeat what it was sent.
        case error(String)
        case list([RedisReply])

        var data: Data? { if case .bytes(let data) = self { data } else { nil } }
        var text: String? { data.map { String(decoding: $0, as: UTF8.self) } }
        var list: [RedisReply]? { if case .list(let list) = self { list } else { nil } }
        var errorWord: String? { if case .error(let word) = self { word } else { nil } }

        /// A number, which scripts also write as text where Lua's own would round it.
        var number: Int64? {
            switch self {
            case .whole(let number): number
            case .bytes(let data): Int64(String(decoding: data, as: UTF8.self))
            case .null, .error, .list: nil
            }
        }
    }
#endif
