import Core

/// Reads an answer as the step that asked for it will: what is read here is what becomes artifacts.
struct AnswerReader: Sendable {
    var form: Form
    /// The most sections that a brief may keep.
    var sectionLimit = Loop.defaultCount
    /// What the scene in the answer is, when the form is a scene's.
    var scene: SceneForm?
    /// What can be computed for the report in the answer, when the form is a gatecheck's.
    var gate: Gate?

    /// The data of the artifacts in the answer, one or more. Throws when it cannot be read.
    func artifacts(in text: String) throws(UnreadableAnswer) -> [JSONObject] {
        guard let shape = form.shape else { return [] }
        let answer = try shape.read(JSONValue.object(inAnswer: text))
        let items = form.each.map { answer[$0]?.array ?? [] } ?? [answer]
        var result: [JSONObject] = []
        for item in items.compactMap(\.object) {
            var data = try finished(item)
            for line in form.adds { data[line.key] = JSONValue(line.value) }
            result.append(data)
        }
        return result
    }

    /// What is wrong with an answer, or nil: the check that its request carries.
    func problem(with answer: Answer) -> String? {
        do {
            guard form.shape != nil else { return answer.text.trimmingSpace.isEmpty ? "the answer is blank" : nil }
            _ = try artifacts(in: answer.text)
            return nil
        } catch {
            return answer.finish == .length ? "\(error.reason); it reached max_tokens" : error.reason
        }
    }

    private func finished(_ data: JSONObject) throws(UnreadableAnswer) -> JSONObject {
        if let scene { return try scene.data(from: data) }
        if let gate { return gate.report(from: data) }
        if form.artifact == "tu_brief" { return try StoryPlan.mended(data, limit: sectionLimit) }
        return data
    }
}
