extension SceneGraph {
    /// A scene where every choice requires a codeword, and where a reader may come without.
    struct Stuck: Hashable, Sendable {
        var scene: Int
        /// A codeword of each choice that the reader lacks there.
        var lacking: [Int]
        /// Whether there is a way on which it happens for certain; else it could not be excluded.
        var isProven: Bool
    }

    /// For how many sets of codewords the story is gone through without them: more would take more than linear time.
    private static let mostReaders = 64

    /// For how many places it is tried to prove that a reader gets stuck there: every proof walks a way.
    private static let mostProofs = 50

    /// Where a reader can get stuck. `isWhole` is false when there were too many different codewords to follow them all.
    func stuck() -> (places: [Stuck], isWhole: Bool) {
        var readers: [[Int]: Reach] = [:]
        var isWhole = true
        func comes(to scene: Int, without codewords: [Int]) -> Reach? {
            if readers[codewords] == nil {
                guard readers.count < Self.mostReaders else {
                    isWhole = false
                    return nil
                }
                readers[codewords] = reach(without: codewords)
            }
            return readers[codewords].flatMap { $0.isReached[scene] ? $0 : nil }
        }
        /// A codeword of each choice of a scene with which a reader may not come; nil when some choice is always open.
        func lacking(at scene: Int) -> [Int]? {
            var lacking: Set<Int> = []
            for exit in exits[scene] {
                guard let codeword = exit.requires.first(where: { comes(to: scene, without: [$0]) != nil }) else {
                    return nil
                }
                lacking.insert(codeword)
            }
            return lacking.sorted()
        }
        var places: [Stuck] = []
        for scene in scenes.indices {
            guard reach.isReached[scene], !scenes[scene].isEnding, !exits[scene].isEmpty else { continue }
            guard let lacking = lacking(at: scene), let reach = comes(to: scene, without: lacking) else { continue }
            let isProven = places.count < Self.mostProofs && isPassable(reach.way(to: scene))
            places.append(Stuck(scene: scene, lacking: lacking, isProven: isProven))
        }
        return (places, isWhole)
    }

    /// Whether every choice on a way is open when a reader comes to it on that way.
    private func isPassable(_ way: [Reach.Step]) -> Bool {
        var has: Set<Int> = []
        for step in way {
            has.formUnion(sets[step.scene])
            guard has.isSuperset(of: step.exit.requires) else { return false }
        }
        return true
    }
}
