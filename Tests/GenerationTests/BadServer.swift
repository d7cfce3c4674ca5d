import Core
import Foundation
import Providers
import TestKit
import Testing

/// What a bad server does, and what has to come of it.
struct BadServer: Sendable, CustomTestStringConvertible {
    /// What a call ends with.
    enum End: Sendable, Hashable {
        case failed(ProviderError.Kind)
        /// It is an answer, but what it used is not to be believed.
        case answered
    }

    /// The signal tells that some of the answer's text has been shown.
    typealias Script = @Sendable (RawConnection, any FakeForm, Signal) -> Void

    var testDescription: String
    var end: End
    /// How many calls are made, where one may be made again.
    var tries = 1
    /// Whether each of them is charged at its worst.
    var isBilled = true
    /// Whether one waits for it for a second only, and not for minutes.
    var isSlow = false
    var script: Script

    init(
        _ name: String, _ end: End, tries: Int = 1, isBilled: Bool = true, isSlow: Bool = false,
        _ script: @escaping Script
    ) {
        testDescription = name
        self.end = end
        self.tries = tries
        self.isBilled = isBilled
        self.isSlow = isSlow
        self.script = script
    }

    static let all = statuses + advice + broken + unreadable + usage

    // MARK: - Errors that the server tells

    private static func status(
        _ status: Int, _ kind: ProviderError.Kind, tries: Int, _ headers: String = "", name: String? = nil
    ) -> BadServer {
        BadServer(name ?? "\(status)", .failed(kind), tries: tries, isBilled: false) { connection, form, _ in
            let body = form.error(status: status, message: "No", code: "no").text()
            let length = "Content-Length: \(body.utf8.count)\r\n"
            connection.sendHead("\(status) Bad", contentType: "application/json", length + headers)
            connection.send(body)
        }
    }

    private static let statuses = [
        status(500, .serverFailed, tries: 2), status(503, .serverFailed, tries: 2),
        status(529, .serverFailed, tries: 2), status(408, .timedOut, tries: 2), status(409, .rejected, tries: 2),
        status(400, .rejected, tries: 1), status(401, .unauthorized, tries: 1), status(403, .forbidden, tries: 1),
        status(404, .notFound, tries: 1), status(422, .rejected, tries: 1),
    ]

    /// 429 with every form of advice.
    private static let advice = [
        ("retry-after-ms: 5", 2), ("retry-after: 0.01", 2), ("retry-after: Tue, 24 Nov 2020 12:00:00 GMT", 2),
        ("x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 5ms", 2),
        ("x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 6ms", 2),
        (
            "anthropic-ratelimit-requests-remaining: 0\r\n"
                + "anthropic-ratelimit-requests-reset: 2020-11-24T12:00:00Z", 2
        ),
        ("retry-after: soon", 2), ("retry-after: -1", 2), ("retry-after: 9e18", 2), ("retry-after: 9999", 1),
        ("x-should-retry: false", 1), ("", 2),
    ].map { header, tries in
        status(429, .rateLimited, tries: tries, header.isEmpty ? "" : header + "\r\n", name: "429 \(header)")
    }

    // MARK: - Connections

    /// The first half of a streamed answer; it ends with some of the text.
    private static func half(_ form: any FakeForm) -> ArraySlice<UInt8> {
        let body = streamed("Once upon a time there was a ferry that counted its passengers.", form)
        return body.prefix(body.count / 2)
    }

    private static func streamed(_ text: String, _ form: any FakeForm) -> [UInt8] {
        let request = FakeTextServer.Request(path: ":streamGenerateContent", body: ["model": "m", "stream": true])
        return FakeReply.answer(text).rendered(for: request, as: form).body
    }

    private static let broken = [
        BadServer("reset before any text", .failed(.interrupted), tries: 2) { connection, form, _ in
            connection.sendHead(contentType: form.streamType, "Content-Length: 100000\r\n")
            connection.reset()
        },
        BadServer("reset in the body", .failed(.interrupted)) { connection, form, seen in
            connection.sendHead(contentType: form.streamType, "Content-Length: 100000\r\n")
            connection.send(half(form))
            // A reset throws away what the peer has not read.
            seen.waitOnThread()
            connection.reset()
        },
        BadServer("a stream cut after some deltas", .failed(.interrupted)) { connection, form, _ in
            connection.sendHead(contentType: form.streamType)
            connection.send(half(form))
        },
        BadServer("a body that ends before its length", .failed(.interrupted), tries: 2) { connection, form, _ in
            connection.sendHead(contentType: "application/json", "Content-Length: 100000\r\n")
            connection.send("{")
        },
        BadServer("no answer at all", .failed(.timedOut), tries: 2, isSlow: true) { connection, _, _ in
            connection.waitUntilClosed()
        },
        BadServer("a byte now and then", .failed(.timedOut), tries: 2, isSlow: true) { connection, _, _ in
            connection.sendHead(contentType: "application/json")
            while !connection.isClosed(within: 50) { connection.send(" ") }
        },
        BadServer("silence in the body", .failed(.timedOut), tries: 2, isSlow: true) { connection, form, _ in
            connection.sendHead(contentType: form.streamType)
            connection.waitUntilClosed()
        },
        BadServer("100 MB", .failed(.tooLarge)) { connection, _, _ in
            connection.sendHead(contentType: "application/json")
            let block = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<100 where !connection.isClosed(within: 0) { connection.send(block) }
        },
    ]

    // MARK: - Answers that are none

    private static func body(
        _ name: String, _ end: End, type: String = "application/json",
        _ make: @escaping @Sendable (any FakeForm) -> [UInt8]
    ) -> BadServer {
        BadServer(name, end) { connection, form, _ in
            let body = make(form)
            connection.sendHead(contentType: type, "Content-Length: \(body.count)\r\n")
            connection.send(body)
        }
    }

    /// A whole answer as one object, `text` standing in quotes.
    private static func object(
        _ text: String, _ form: any FakeForm, _ figures: FakeReply.Answered.Figures = .counted
    ) -> String {
        let request = FakeTextServer.Request(path: "", body: ["model": "m"])
        let reply = FakeReply.answer(text, figures: figures, ignoresStream: true)
        return String(decoding: reply.rendered(for: request, as: form).body, as: UTF8.self)
    }

    private static let unreadable = [
        body("wrong content type", .failed(.unreadable), type: "text/html") { _ in Array("<html>Log in</html>".utf8) },
        body("truncated JSON", .failed(.unreadable)) { Array(object("Word", $0).utf8.dropLast(5)) },
        body("invalid UTF-8", .failed(.unreadable)) { form in
            Array(object("Word", form).utf8).split(separator: UInt8(ascii: "W"), maxSplits: 1)
                .joined(separator: [0xC3, 0x28]).map { $0 }
        },
        body("null content", .failed(.empty)) { Array(object("Word", $0).replacing("\"Word\"", with: "null").utf8) },
        body("nested 200,000 deep", .failed(.unreadable)) { _ in
            Array(("{\"choices\":" + String(repeating: "[", count: 200_000)).utf8)
        },
        body("nested as deep, and closed", .failed(.unreadable)) { _ in
            Array(
                ("{\"choices\":" + String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
                    + "}").utf8)
        },
    ]

    private static let usage: [BadServer] = [
        ("usage as text", "many"), ("negative usage", -7), ("usage of 9e18", JSONValue.number(JSONNumber(9e18))),
        ("usage in fractions", JSONValue.number(JSONNumber(1.5))),
    ].map { name, count in
        body(name, .answered) { form in
            let members = form.usage(input: 7, output: 3).object.map { $0.map { ($0.key, count) } } ?? []
            return Array(object("Word", form, .these(.object(JSONObject(members)))).utf8)
        }
    }
}
