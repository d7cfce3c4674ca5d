import Core
import Foundation
import Studio
import Synchronization

/// Puts what roles ask to whoever sits at the terminal, one question after another.
final class QuestionPrompt: Sendable {
    private struct State {
        var open: [WriterQuestion] = []
        var isReading = false
    }

    private let session: Session
    private let state = Mutex(State())

    init(_ session: Session) { self.session = session }

    /// Takes in what happens in the session.
    func note(_ event: SessionEvent) {
        switch event {
        case .questionAsked(_, let question):
            let (isFirst, mustRead) = state.withLock { state in
                state.open.append(question)
                defer { state.isReading = true }
                return (state.open.count == 1, !state.isReading)
            }
            if isFirst { Self.put(question) }
            if mustRead { read() }
        case .questionAnswered(_, let id, _, _):
            let next = state.withLock { state -> WriterQuestion? in
                let wasFirst = state.open.first?.id == id
                state.open.removeAll { $0.id == id }
                return wasFirst ? state.open.first : nil
            }
            if let next { Self.put(next) }
        default: break
        }
    }

    private static func put(_ question: WriterQuestion) {
        var lines = ["\u{7}\(question.role.rawValue) asks: \(question.text.visible())"]
        for (index, suggestion) in question.suggestions.enumerated() {
            lines.append("  \(index + 1) \(suggestion.visible())")
        }
        let isFree = question.suggestions.isEmpty
        lines.append(isFree ? "Your answer:" : "A number, or your own answer; Enter takes the first:")
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// Reads lines for as long as the program runs: nothing can end the wait for one.
    private func read() {
        Thread.detachNewThread { [self] in
            while let line = readLine() { answer(line.trimmingCharacters(in: .whitespaces)) }
        }
    }

    private func answer(_ line: String) {
        guard let question = state.withLock({ $0.open.first }) else { return }
        let number = Int(line) ?? (line.isEmpty ? 1 : 0)
        let isNumber = question.suggestions.indices.contains(number - 1)
        let text = isNumber ? question.suggestions[number - 1] : line
        Task {
            do { try await session.steer(.answer(question: question.id, text: text), by: "terminal") } catch {
                Output.note(Failure(error).message)
            }
        }
    }
}
