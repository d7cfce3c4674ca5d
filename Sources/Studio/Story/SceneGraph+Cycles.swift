extension SceneGraph {
    /// Scenes among which a reader can go round and round.
    struct Cycle: Hashable, Sendable {
        /// In the order of the story's scenes.
        var scenes: [Int]
        /// Whether an ending, or a choice that leads elsewhere, is among them.
        var hasWayOut: Bool
        /// Whether going round gives a reader a codeword.
        var setsSomething: Bool
    }

    /// Every largest set of scenes that can be reached and of which each leads to all others.
    var cycles: [Cycle] {
        let edges = exits.map { $0.filter(isOpen).map(\.target) }
        var finder = ComponentFinder(edges: edges)
        for scene in scenes.indices where reach.isReached[scene] { finder.search(from: scene) }
        var component = Array(repeating: -1, count: scenes.count)
        for (number, members) in finder.components.enumerated() {
            for scene in members { component[scene] = number }
        }
        return finder.components.enumerated().compactMap { number, members in
            let targets = members.flatMap { edges[$0] }
            guard targets.contains(where: { component[$0] == number }) else { return nil }
            return Cycle(
                scenes: members.sorted(),
                hasWayOut: targets.contains { component[$0] != number } || members.contains { scenes[$0].isEnding },
                setsSomething: members.contains { !sets[$0].isEmpty })
        }
    }
}

/// Tarjan's strongly connected components, without recursion: stories may be long.
private struct ComponentFinder {
    let edges: [[Int]]
    private(set) var components: [[Int]] = []
    private var index: [Int]
    private var low: [Int]
    private var isOnStack: [Bool]
    private var stack: [Int] = []
    private var next = 0

    init(edges: [[Int]]) {
        self.edges = edges
        index = Array(repeating: -1, count: edges.count)
        low = index
        isOnStack = Array(repeating: false, count: edges.count)
    }

    mutating func search(from root: Int) {
        guard index[root] < 0 else { return }
        var path = [(node: root, edge: 0)]
        enter(root)
        while let (node, edge) = path.last {
            if edge < edges[node].count {
                path[path.count - 1].edge += 1
                let target = edges[node][edge]
                if index[target] < 0 {
                    enter(target)
                    path.append((target, 0))
                } else if isOnStack[target] {
                    low[node] = min(low[node], index[target])
                }
            } else {
                path.removeLast()
                if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                if low[node] == index[node] { close(node) }
            }
        }
    }

    private mutating func enter(_ node: Int) {
        index[node] = next
        low[node] = next
        next += 1
        stack.append(node)
        isOnStack[node] = true
    }

    private mutating func close(_ root: Int) {
        var members: [Int] = []
        while let node = stack.popLast() {
            isOnStack[node] = false
            members.append(node)
            if node == root { break }
        }
        components.append(members)
    }
}
