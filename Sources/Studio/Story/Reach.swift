/// What a reader can come to: a choice is open once every codeword that it requires can have been set on some way.
struct Reach: Sendable {
    /// How a scene was come to first: from which scene, by which of its exits.
    struct Step: Hashable, Sendable {
        var scene: Int
        var exit: SceneGraph.Exit
    }

    private(set) var isReached: [Bool]
    /// Whether each codeword can have been set.
    private(set) var isSet: [Bool]
    /// nil for starts and for what is not reached.
    private(set) var steps: [Step?]

    private let exits: [[SceneGraph.Exit]]
    private let sets: [[Int]]
    private var open: [Int] = []
    /// The steps that wait for a codeword.
    private var waiting: [[Step]]

    /// A reader who is to stay without some codewords enters no scene that sets one of them.
    init(
        starts: [Int], exits: [[SceneGraph.Exit]], sets: [[Int]], codewords: Int, without lacking: [Int] = []
    ) {
        self.exits = exits
        self.sets = sets
        isReached = Array(repeating: false, count: exits.count)
        steps = Array(repeating: nil, count: exits.count)
        isSet = Array(repeating: false, count: codewords)
        waiting = Array(repeating: [], count: codewords)
        let isForbidden = Self.scenes(setting: lacking, in: sets, codewords: codewords)
        for start in starts where !isForbidden[start] { enter(start, by: nil) }
        while let scene = open.popLast() {
            for exit in exits[scene] where !isForbidden[exit.target] { take(Step(scene: scene, exit: exit)) }
            for codeword in sets[scene] where !isSet[codeword] { obtain(codeword) }
        }
    }

    private static func scenes(setting lacking: [Int], in sets: [[Int]], codewords: Int) -> [Bool] {
        guard !lacking.isEmpty else { return Array(repeating: false, count: sets.count) }
        var isLacking = Array(repeating: false, count: codewords)
        for codeword in lacking { isLacking[codeword] = true }
        return sets.map { $0.contains { isLacking[$0] } }
    }

    private mutating func enter(_ scene: Int, by step: Step?) {
        guard !isReached[scene] else { return }
        isReached[scene] = true
        steps[scene] = step
        open.append(scene)
    }

    private mutating func take(_ step: Step) {
        guard !isReached[step.exit.target] else { return }
        if let missing = step.exit.requires.first(where: { !isSet[$0] }) {
            waiting[missing].append(step)
        } else {
            enter(step.exit.target, by: step)
        }
    }

    private mutating func obtain(_ codeword: Int) {
        isSet[codeword] = true
        let ready = waiting[codeword]
        waiting[codeword] = []
        for step in ready { take(step) }
    }

    /// The way on which a scene was come to first, from a start.
    func way(to scene: Int) -> [Step] {
        var way: [Step] = []
        var place = scene
        while let step = steps[place] {
            way.append(step)
            place = step.scene
        }
        return way.reversed()
    }
}
