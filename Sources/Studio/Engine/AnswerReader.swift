import Core

/// Reads an answer as the step that asked for it will: what is read here is what becomes artifacts.
struct AnswerReader: Sendable {
    var form: Form
    /// The most sections that a brief may keep.
    var sectionLimit = Loop.defaultCount
    /// The ids that an answer which changes artifacts may name.
    var known: Set<String> = []
    /// The brief that the answer is about, as the id of its first take.
    var brief: String?
    /// What a working note says it is about.
    var about: [PromptLine] = []
    /// What the scene in the answer is, when the form is a scene's.
    var scene: SceneForm?
    /// What can be computed for the bars in the answer, when it has some.
    var gate: Gate?
    /// What a report says it has judged.
    var covers: [JSONValue] = []
    /// The decision of the report that a gate decision follows.
    var decision: String?
    /// Whether the answer may be a question to the writer.
    var mayAsk = false
    /// The loops of which the answer has to name one; empty for any other answer.
    var loops: [String] = []

    /// The data of what is in the answer, one or more. Throws when it cannot be read.
    func artifacts(in text: String) throws(UnreadableAnswer) -> [JSONObject] {
        guard loops.isEmpty else { return [try choice(in: text)] }
        guard let shape = form.shape else { return [JSONObject([("text", JSONValue(text.trimmingSpace))])] }
        let answer = try shape.read(shape.whole(JSONValue.answer(in: text)))
        if let updates = form.updates { return try items(answer[updates], of: updates) }
        let items = form.each.map { Array((answer[$0]?.array ?? []).prefix(Loop.itemLimit)) } ?? [answer]
        var result: [JSONObject] = []
        for item in items.compactMap(\.object) {
            var data = try finished(item)
            for line in form.adds {
                data[line.key] = line.value == "$brief" ? brief.map { JSONValue($0) } : JSONValue(line.value)
            }
            for line in about { data[line.key] = JSONValue(line.value) }
            result.append(data)
        }
        return result
    }

    /// What an answer changes in the artifacts that it names.
    private func items(_ list: JSONValue?, of key: String) throws(UnreadableAnswer) -> [JSONObject] {
        var items: [JSONObject] = []
        for (index, item) in (list?.array ?? []).enumerated() {
            let id = item["id"]?.string ?? ""
            guard known.contains(id), let item = item.object else {
                throw UnreadableAnswer(
                    "\(key)[\(index)] names \"\(id.prefix(40).visible())\", which is none of those read")
            }
            if !items.contains(where: { $0["id"]?.string == id }) { items.append(item) }
        }
        return items
    }

    /// What is wrong with an answer, or nil: the check that its request carries.
    func problem(with answer: Answer) -> String? {
        do {
            guard form.shape != nil else { return answer.text.trimmingSpace.isEmpty ? "the answer is blank" : nil }
            _ = try artifacts(in: answer.text)
            return nil
        } catch {
            guard question(in: answer.text) == nil else { return nil }
            return answer.finish == .length ? "\(error.reason); it reached max_tokens" : error.reason
        }
    }

    private func finished(_ data: JSONObject) throws(UnreadableAnswer) -> JSONObject {
        if let scene { return try scene.data(from: data) }
        if let gate {
            var report = gate.report(from: data)
            if !covers.isEmpty { report["covers"] = .array(covers) }
            return report
        }
        if form.artifact == "tu_brief", data["sections"] != nil {
            return try StoryPlan.mended(data, limit: sectionLimit)
        }
        guard form.artifact == "gate_decision" else { return data }
        var decision = data
        decision["decision"] = JSONValue(Gate.stricter(data["decision"]?.string, self.decision))
        return decision
    }
}
