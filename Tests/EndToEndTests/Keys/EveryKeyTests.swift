import SuiteKit
import Testing

/// Every key that the README's table promises something of, pressed in a real terminal.
@Suite(.serialized, .oneAtATime, .timeLimit(.minutes(30))) struct EveryKeyTests {
    static let tours: [KeyTour] = [.focus, .screen, .dialogs, .workspace, .reader, .run]

    @Test func everyKeyOfTheTableHasAStep() throws {
        let table = try TableKey.all()
        let shown = Set(Self.tours.flatMap(\.steps).compactMap(\.key))
        #expect(table.count > 70)
        #expect(table.subtracting(shown).sorted() == [], "keys that no tour presses")
        #expect(shown.subtracting(table).sorted() == [], "keys that the table does not have")
    }

    @Test(arguments: tours) func keysDoWhatTheTablePromises(tour: KeyTour) async throws { try await tour.run() }
}
