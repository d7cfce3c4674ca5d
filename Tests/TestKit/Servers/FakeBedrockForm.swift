public import Core
import Crypto
import Foundation

/// Amazon Bedrock's Converse. A request that is signed is refused unless its signature is right.
public struct FakeBedrockForm: FakeForm {
    private let secretKey: String
    private let region: String

    /// `secretKey` is the one that requests are signed with.
    public init(secretKey: String, region: String = "us-east-1") {
        self.secretKey = secretKey
        self.region = region
    }

    public var streamType: String { "application/vnd.amazon.eventstream" }

    public func isStream(_ request: FakeTextServer.Request) -> Bool { request.path.hasSuffix("/converse-stream") }

    public func prompts(of body: JSONValue) -> [String] {
        let blocks =
            (body["system"]?.array ?? []) + (body["messages"]?.array ?? []).flatMap { $0["content"]?.array ?? [] }
        return blocks.map { $0["text"]?.string ?? "" }
    }

    public func usage(input: Int, output: Int) -> JSONValue {
        [
            "inputTokens": JSONValue(input), "outputTokens": JSONValue(output),
            "totalTokens": JSONValue(input + output),
        ]
    }

    public func counts(of usage: JSONValue) -> (input: Int, output: Int) { sum(usage, "inputTokens", "outputTokens") }

    public func error(status: Int, message: String, code: String) -> JSONValue { ["message": JSONValue(message)] }

    public func models(_ names: [String]) -> JSONValue {
        ["modelSummaries": .array(names.map { ["modelId": JSONValue($0)] })]
    }

    public func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue {
        let message: JSONValue = ["role": "assistant", "content": [["text": JSONValue(answered.text)]]]
        return (["output": ["message": message], "metrics": ["latencyMs": 12]] as JSONValue)
            .with("stopReason", finish(answered)).with("usage", usage)
    }

    public func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]] {
        var events = [event("messageStart", ["role": "assistant"])]
        events += answered.pieces.map {
            event("contentBlockDelta", ["contentBlockIndex": 0, "delta": ["text": JSONValue($0)], "p": "abcdef"])
        }
        events.append(event("contentBlockStop", ["contentBlockIndex": 0]))
        if let finish = finish(answered) {
            events.append(event("messageStop", ["stopReason": finish]))
            events.append(event("metadata", (["metrics": ["latencyMs": 12]] as JSONValue).with("usage", usage)))
        }
        return events
    }

    public func streamed(_ text: String) -> [UInt8] {
        frame(type: "event", name: "contentBlockDelta", Array(text.utf8))
    }

    public func streamedError(status: Int, message: String, code: String) -> [UInt8] {
        let body = error(status: status, message: message, code: code).text()
        return frame(type: "exception", name: "throttlingException", Array(body.utf8))
    }

    private func finish(_ answered: FakeReply.Answered) -> JSONValue? {
        answered.finish.map { JSONValue(["stop": "end_turn", "length": "max_tokens"][$0] ?? $0) }
    }

    // MARK: - Frames

    private func event(_ name: String, _ payload: JSONValue) -> [UInt8] {
        frame(type: "event", name: name, Array(payload.text().utf8))
    }

    /// A frame of the stream, as https://smithy.io/2.0/aws/amazon-eventstream.html draws it.
    public func frame(type: String, name: String, _ payload: [UInt8]) -> [UInt8] {
        let fields = [
            (":\(type)-type", name), (":content-type", "application/json"), (":message-type", type),
        ]
        let headers = fields.flatMap { name, value in
            [UInt8(name.utf8.count)] + name.utf8 + [7] + Self.bytes(UInt32(value.utf8.count)).suffix(2) + value.utf8
        }
        var frame = Self.bytes(UInt32(headers.count + payload.count + 16)) + Self.bytes(UInt32(headers.count))
        frame += Self.bytes(Self.checksum(frame))
        frame += headers + payload
        return frame + Self.bytes(Self.checksum(frame))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return sum ^ 0xFFFF_FFFF
    }

    // MARK: - Signatures

    /// What AWS answers when a signature is wrong.
    public func refusal(of request: FakeTextServer.Request) -> FakeReply? {
        guard let authorization = request.headers["authorization"] else { return nil }
        let parts = authorization.split { $0 == " " || $0 == "," || $0 == "=" || $0 == "/" }.map(String.init)
        let stamp = request.headers["x-amz-date"] ?? ""
        let day = String(stamp.prefix(8))
        let isScoped = parts.dropFirst(3).prefix(4).elementsEqual([day, region, "bedrock", "aws4_request"])
        guard parts.count == 11, parts[0] == "AWS4-HMAC-SHA256", isScoped,
            parts[10] == signature(of: request, names: parts[8], stamp: stamp, day: day)
        else {
            return .raw(
                status: 403,
                headers: ["Content-Type": "application/json", "x-amzn-ErrorType": "InvalidSignatureException:"],
                body: Array(#"{"message":"The request signature we calculated does not match."}"#.utf8))
        }
        return nil
    }

    private func signature(of request: FakeTextServer.Request, names: String, stamp: String, day: String) -> String {
        let names = names.split(separator: ";").map(String.init)
        let path = request.wire.path.replacing("%", with: "%25")
        let canonical =
            [request.wire.method, path, ""] + names.map { "\($0):\(request.headers[$0] ?? "")" }
            + ["", names.joined(separator: ";"), Self.hash(request.wire.body)]
        let text = [
            "AWS4-HMAC-SHA256", stamp, "\(day)/\(region)/bedrock/aws4_request",
            Self.hash(Data(canonical.joined(separator: "\n").utf8)),
        ]
        let key = [day, region, "bedrock", "aws4_request", text.joined(separator: "\n")]
            .reduce(Data("AWS4\(secretKey)".utf8)) { key, text in
                Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
            }
        return key.hexadecimal
    }

    private static func hash(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }
}
