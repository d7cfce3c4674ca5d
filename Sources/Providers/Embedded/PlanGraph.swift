/// How the sections of a plan lead to one another: from a start through widening and narrowing layers, so that ways part
/// and meet again, to several endings. Every way ends, since an exit only ever leads to a later section.
struct PlanGraph {
    /// An exit that is open only to a reader who has been to another section.
    struct Gate: Hashable {
        var from: Int
        var to: Int
        /// The section where the reader gains what the exit asks for.
        var giver: Int
    }

    /// The sections that each section leads to, by their places in the plan.
    private(set) var exits: [[Int]]
    private(set) var gates: [Gate] = []
    private let bodyCount: Int

    /// A graph of one section or more.
    init(count: Int) {
        let endingCount = count < 3 ? 1 : max(2, count / 4 + 1)
        bodyCount = max(count - endingCount, 0)
        exits = Array(repeating: [], count: count)
        let layers = Self.layers(of: bodyCount)
        let finals = bodyCount..<min(bodyCount + 3, count)
        for (layer, next) in zip(layers, layers.dropFirst() + [finals]) { connect(layer, next) }
        placeEarlyEndings(finals.upperBound..<count, spare: finals)
        addChoices(within: finals.upperBound)
        addGates(within: finals.upperBound)
    }

    /// Layers of one, two, three and two sections, over and over.
    private static func layers(of count: Int) -> [Range<Int>] {
        var layers: [Range<Int>] = []
        while case let start = layers.last?.upperBound ?? 0, start < count {
            layers.append(start..<min(start + [1, 2, 3, 2][layers.count % 4], count))
        }
        return layers
    }

    /// Leads each section of a layer to those of the next one that lie opposite.
    private mutating func connect(_ layer: Range<Int>, _ next: Range<Int>) {
        for (place, section) in layer.enumerated() {
            for (other, target) in next.enumerated()
            where place * next.count < (other + 1) * layer.count && other * layer.count < (place + 1) * next.count {
                exits[section].append(target)
            }
        }
    }

    /// Ends some ways early, first where there was nothing to choose; a start without a choice gets one.
    private mutating func placeEarlyEndings(_ endings: Range<Int>, spare: Range<Int>) {
        var hosts = (0..<bodyCount).filter { exits[$0].count == 1 } + (0..<bodyCount).filter { exits[$0].count == 2 }
        for ending in endings where !hosts.isEmpty { exits[hosts.removeFirst()].append(ending) }
        if bodyCount > 1, exits[0].count == 1, let ending = spare.first { exits[0].append(ending) }
    }

    /// Gives sections that still lead to one place only a second exit, locked where that can be.
    private mutating func addChoices(within end: Int) {
        for host in 0..<bodyCount where exits[host].count == 1 {
            guard let target = target(beyond: host, within: end) else { continue }
            if let giver = giver(before: host) { gates.append(Gate(from: host, to: target, giver: giver)) }
            exits[host].append(target)
        }
    }

    /// Gives a section in every eight a third exit that is locked.
    private mutating func addGates(within end: Int) {
        for host in (0..<bodyCount).reversed() where exits[host].count == 2 && gates.count < bodyCount / 8 {
            guard let target = target(beyond: host, within: end), let giver = giver(before: host) else { continue }
            exits[host].append(target)
            gates.append(Gate(from: host, to: target, giver: giver))
        }
    }

    /// The section after those that a section leads to, early endings left out.
    private func target(beyond section: Int, within end: Int) -> Int? {
        let next = (exits[section].filter { $0 < end }.max() ?? section) + 1
        return next < end ? next : nil
    }

    /// The last section that lies on some of the ways to a section, but not on all of them.
    private func giver(before section: Int) -> Int? {
        var before: Set<Int> = [section]
        for other in (0..<section).reversed() where !before.isDisjoint(with: exits[other]) { before.insert(other) }
        return (1..<max(section, 1)).last { before.contains($0) && reaches(section, without: $0) }
    }

    /// Whether a reader can come to a section without having been to another.
    private func reaches(_ section: Int, without other: Int) -> Bool {
        var reached: Set<Int> = [0]
        for place in 0..<section where place != other && reached.contains(place) { reached.formUnion(exits[place]) }
        return reached.contains(section)
    }
}
