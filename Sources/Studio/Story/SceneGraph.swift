/// How the scenes of a story lead to one another. Everything here takes time linear in scenes and choices.
struct SceneGraph: Sendable {
    /// A choice that leads to a scene which is there.
    struct Exit: Hashable, Sendable {
        /// Which of its scene's choices it is.
        var choice: Int
        var target: Int
        /// The numbers of the codewords that it requires.
        var requires: [Int]
    }

    /// The scenes, each id once: the first that has it.
    let scenes: [StoryScene]
    /// The further scenes whose id another one has already.
    let duplicates: [StoryScene]
    /// The exits of each scene.
    let exits: [[Exit]]
    /// The numbers of the codewords that each scene sets.
    let sets: [[Int]]
    /// Every codeword that is set or required, by its number.
    let codewords: [String]
    /// Where a reader begins, the usual place first; empty when there is no scene.
    let starts: [Int]
    /// What a reader can come to.
    let reach: Reach

    init(_ all: [StoryScene]) {
        var places: [String: Int] = [:]
        var scenes: [StoryScene] = []
        var duplicates: [StoryScene] = []
        for scene in all {
            guard places[scene.id] == nil else {
                duplicates.append(scene)
                continue
            }
            places[scene.id] = scenes.count
            scenes.append(scene)
        }
        var numbers = CodewordNumbers()
        sets = scenes.map { $0.sets.map { numbers.number(of: $0) } }
        exits = scenes.map { scene in
            scene.choices.enumerated().compactMap { index, choice in
                places[choice.target].map {
                    Exit(choice: index, target: $0, requires: choice.requires.map { numbers.number(of: $0) })
                }
            }
        }
        codewords = numbers.names
        starts = Self.starts(of: scenes, exits)
        self.scenes = scenes
        self.duplicates = duplicates
        reach = Reach(starts: starts, exits: exits, sets: sets, codewords: codewords.count)
    }

    /// What a reader can come to who never gets some of the codewords.
    func reach(without codewords: [Int]) -> Reach {
        Reach(starts: starts, exits: exits, sets: sets, codewords: self.codewords.count, without: codewords)
    }

    /// Whether a choice can be made on some way.
    func isOpen(_ exit: Exit) -> Bool { exit.requires.allSatisfy { reach.isSet[$0] } }

    /// The scenes in the order in which a reader may come to them, whatever a choice requires, then the others.
    var order: [Int] {
        var isListed = Array(repeating: false, count: scenes.count)
        var order: [Int] = []
        for start in starts + Array(scenes.indices) where !isListed[start] {
            var next = order.count
            isListed[start] = true
            order.append(start)
            while next < order.count {
                for exit in exits[order[next]] where !isListed[exit.target] {
                    isListed[exit.target] = true
                    order.append(exit.target)
                }
                next += 1
            }
        }
        return order
    }

    /// The scenes that are marked as starts; where none is, the one from which most follows.
    private static func starts(of scenes: [StoryScene], _ exits: [[Exit]]) -> [Int] {
        let alternates = scenes.indices.filter { scenes[$0].isAlternateStart }
        let marked = scenes.indices.filter { scenes[$0].isStart }
        guard marked.isEmpty else { return marked + alternates.filter { !marked.contains($0) } }
        var isTarget = scenes.map(\.isAlternateStart)
        for (scene, exits) in exits.enumerated() {
            for exit in exits where exit.target != scene { isTarget[exit.target] = true }
        }
        var isVisited = Array(repeating: false, count: scenes.count)
        var best = (start: scenes.indices.first { !scenes[$0].isAlternateStart } ?? 0, count: 0)
        // Then what no such scene leads to: a start that readers come back to.
        for candidate in scenes.indices.filter({ !isTarget[$0] }) + Array(scenes.indices) where !isVisited[candidate] {
            let count = visit(candidate, exits, &isVisited)
            if count > best.count { best = (candidate, count) }
        }
        return scenes.isEmpty ? [] : [best.start] + alternates.filter { $0 != best.start }
    }

    /// Visits what follows from a scene and was not visited before; returns how many scenes that were.
    private static func visit(_ start: Int, _ exits: [[Exit]], _ isVisited: inout [Bool]) -> Int {
        var open = [start]
        var count = 1
        isVisited[start] = true
        while let scene = open.popLast() {
            for exit in exits[scene] where !isVisited[exit.target] {
                isVisited[exit.target] = true
                count += 1
                open.append(exit.target)
            }
        }
        return count
    }
}

/// Gives every codeword a number, in the order in which they come up.
private struct CodewordNumbers {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
