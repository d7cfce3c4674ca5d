import Core

/// What a role asks the writer in place of an answer.
extension LoopEngine {
    /// The request once more, with what the writer answers to a question. What was answered in this run before, also in an
    /// earlier session, is not asked again.
    func answered(_ asked: AnswerReader.Question, _ request: Request) async throws(RunError) -> Request {
        let key = "\(request.step.path)/\(piece(of: request.step, part: request.part))/\(asked.text)"
        let text: String
        if let known = steering.answer(to: key) {
            text = known
        } else {
            let question = WriterQuestion(
                id: ULID(at: time.now()), role: request.step.role, step: request.step.name, text: asked.text,
                suggestions: asked.suggestions)
            text = try await steering.ask(question, key: key)
        }
        var next = request.withoutQuestions
        next.prompt.words.append("You asked: \(asked.text)\nThe writer answered: \(text)")
        return next
    }
}

extension LoopEngine.Request {
    /// The request without the leave to ask: each asks once at most.
    var withoutQuestions: LoopEngine.Request {
        var request = self
        request.reader.mayAsk = false
        request.prompt.invitation = nil
        return request
    }
}

extension AnswerReader {
    /// What a role wants to know before it answers.
    struct Question: Hashable {
        var text: String
        var suggestions: [String]
    }

    private static let mostSuggestions = 6

    /// The question that an answer asks in its place; nil when it asks none, or none may be asked. Lengths are bounded, for
    /// a model wrote them.
    func question(in text: String) -> Question? {
        guard mayAsk, let asked = (try? JSONValue.answer(in: text))?["question"] else { return nil }
        guard let words = (asked["text"]?.string ?? asked.string)?.trimmingSpace, !words.isEmpty else { return nil }
        let suggestions = (asked["suggestions"]?.array ?? []).compactMap { $0.string?.trimmingSpace }.filter {
            !$0.isEmpty
        }
        return Question(
            text: words.prefix(utf8Bytes: 600),
            suggestions: suggestions.prefix(Self.mostSuggestions).map { $0.prefix(utf8Bytes: 200) })
    }
}
