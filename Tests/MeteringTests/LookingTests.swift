import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Metering

/// What is read of single requests, roles, hours and events.
@Suite struct LookingTests {
    private let fixture: LimiterFixture

    init() throws { fixture = try LimiterFixture() }

    private func call(_ cost: String, role: RoleName = .sceneSmith) throws {
        let limiter = fixture.limiter { _ in }
        try limiter.settle(limiter.tryReserve(fixture.demand(role: role, cost: cost)), fixture.settlement(cost))
    }

    @Test func barsHoldTheirOwnHoursAndDays() throws {
        try call("1")
        fixture.time.advance(seconds: 3 * 3_600)
        try call("2")
        fixture.time.advance(seconds: 86_400)
        try call("4")
        let hours = try fixture.tracker().bars(of: .hour, count: 24)
        #expect(hours.count == 24 && hours.last?.tallies.figures.cost.dollars == "4")
        #expect(hours.dropLast().allSatisfy { $0.tallies.isEmpty })
        #expect(zip(hours, hours.dropFirst()).allSatisfy { $0.end == $1.start && $0.end - $0.start == 3_600_000_000 })
        let days = try fixture.tracker().bars(of: .day, count: 3)
        #expect(days.map(\.tallies.figures.cost.dollars) == ["0", "3", "4"])
        // Noon of 24 November is its evening in Tokyo, and three hours later the next day.
        let tokyo = try fixture.tracker(zone: "Asia/Tokyo").bars(of: .day, count: 3)
        #expect(tokyo.map(\.tallies.figures.cost.dollars) == ["1", "2", "4"])
    }

    @Test func barsAreThereWithoutALedger() throws {
        let bars = try fixture.tracker().bars(of: .day, count: 31)
        #expect(bars.count == 31 && bars.allSatisfy { $0.tallies.isEmpty && $0.end > $0.start })
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("ledger.db")))
    }

    @Test func rowsAreFoundByRoleAndByRequest() throws {
        try call("1")
        try call("2", role: .gatekeeper)
        try call("3")
        let lines = try fixture.tracker().lines(of: .sceneSmith, atMost: 10)
        #expect(lines.map { $0.cost?.dollars } == ["3", "1"])
        #expect(try fixture.tracker().lines(of: .sceneSmith, atMost: 1).map { $0.cost?.dollars } == ["3"])
        let request = try #require(ULID(lines[1].request))
        #expect(try fixture.tracker().lines(ofRequest: request).map { $0.cost?.dollars } == ["1"])
        #expect(try fixture.tracker().lines(ofRequest: ULID(at: fixture.time.now())).isEmpty)
    }

    @Test func eventsAreReadBackwardsAndByRequestWithoutPiecesOfTexts() throws {
        let (first, second) = (ULID(at: fixture.time.now()), ULID(at: fixture.time.now()))
        var walls: [Int64] = []
        for (session, request) in [(fixture.session, first), (ULID(at: fixture.time.now()), second)] {
            for event in [
                SessionEvent.requestSent(request: request), .textDelta(request: request, text: "Fog"),
                .requestFailed(request: request, role: .sceneSmith, provider: "openai", message: "503", charged: nil),
            ] {
                fixture.time.advance(seconds: 1)
                walls.append(fixture.time.now().wall)
                try fixture.ledger.append([
                    SessionEventRecord(session: session, moment: fixture.time.now(), event: event)
                ])
            }
        }
        #expect(try fixture.ledger.journal(upTo: .max, last: 10).map(\.moment.wall) == [0, 2, 3, 5].map { walls[$0] })
        #expect(try fixture.ledger.journal(upTo: walls[3], last: 2).map(\.moment.wall) == [2, 3].map { walls[$0] })
        #expect(try fixture.ledger.journal(upTo: walls[0] - 1, last: 2).isEmpty)
        let events = try fixture.ledger.journal(ofRequest: second)
        #expect(events.map(\.moment.wall) == [3, 5].map { walls[$0] })
    }
}
