import Core

/// What is wrong with a story in one respect: how bad it is, and the first findings in words.
struct Findings: Sendable {
    /// How many are told.
    static let most = 50

    private(set) var status = Bar.Status.green
    private var told: [String] = []
    private var count = 0

    /// Adds a finding about the whole story.
    mutating func add(_ status: Bar.Status, _ text: @autoclosure () -> String) {
        self.status = max(self.status, status)
        count += 1
        if told.count < Self.most { told.append(text()) }
    }

    /// Adds a finding about a scene, or about one of its choices.
    mutating func add(
        _ status: Bar.Status, _ scene: StoryScene, choice: Int? = nil, _ text: @autoclosure () -> String
    ) {
        add(status, "\(scene.nameInFindings(ofChoice: choice)) \(text())")
    }

    /// The first of the findings, and how many more there are.
    var lines: [String] { count > told.count ? told + ["and \(count - told.count) more"] : told }

    /// The first of a model's findings, each cut to what a person reads, and how many more there are.
    static func bounded(_ texts: [String]) -> [String] {
        let told = texts.prefix(most).map { $0.inFindings(atMost: 500) }
        return texts.count > most ? told + ["and \(texts.count - most) more"] : told
    }
}

extension StringProtocol {
    /// The text on one line, visible and cut, as findings show what a story says.
    func inFindings(atMost count: Int = 60) -> String {
        let start = prefix(count + 1).visible()
        return start.count > count ? start.prefix(count) + "…" : start
    }
}

extension StoryScene {
    /// The scene, and one of its choices, as findings name them.
    fileprivate func nameInFindings(ofChoice index: Int?) -> String {
        let name = id.inFindings(atMost: 200) + (title.isEmpty ? "" : " “\(title.inFindings())”")
        guard let index else { return name }
        let label = choices[index].label
        return "\(name), choice \(index + 1)" + (label.isEmpty ? "" : " “\(label.inFindings())”")
    }
}
