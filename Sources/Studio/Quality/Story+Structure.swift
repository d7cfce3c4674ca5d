/// The bars that follow from how scenes lead to one another.
extension Story {
    /// Every choice leads to a scene, every scene has a text, an id of its own, and a way on unless it is an ending.
    var integrity: Findings {
        var findings = Findings()
        let known = Set(graph.scenes.map(\.id))
        for scene in graph.duplicates { findings.add(.red, scene, "has the id of another scene") }
        for scene in graph.scenes {
            if scene.text.trimmingSpace.isEmpty { findings.add(.red, scene, "has no text") }
            if scene.choices.isEmpty, !scene.isEnding {
                findings.add(.red, scene, "has no choice and is no ending")
            }
            for (index, choice) in scene.choices.enumerated() {
                if choice.label.isEmpty { findings.add(.yellow, scene, choice: index, "has no words") }
                if choice.target.isEmpty {
                    findings.add(.red, scene, choice: index, "leads nowhere")
                } else if !known.contains(choice.target) {
                    let target = choice.target.inFindings(atMost: 200)
                    findings.add(.red, scene, choice: index, "leads to \(target), which is not there")
                }
            }
        }
        return findings
    }

    /// Every scene can be come to, and an ending.
    var reachability: Findings {
        var findings = Findings()
        guard let first = graph.starts.first else { return findings }
        let start = graph.scenes[first].id.inFindings(atMost: 200)
        for (index, scene) in graph.scenes.enumerated() where !graph.reach.isReached[index] {
            let kind = scene.isKeystone ? "is a keystone and cannot" : "cannot"
            findings.add(.red, scene, "\(kind) be come to from \(start)")
        }
        let endsSomewhere = graph.scenes.indices.contains { graph.reach.isReached[$0] && graph.scenes[$0].isEnding }
        if !endsSomewhere { findings.add(.red, "no ending can be come to from \(start)") }
        return findings
    }

    /// Readers choose between scenes, and no cycle keeps them for ever or changes nothing.
    var nonlinearity: Findings {
        var findings = Findings()
        let branches = graph.exits.contains { exits in exits.contains { $0.target != exits[0].target } }
        // Two scenes have nothing to choose between.
        if graph.scenes.count > 2, !branches { findings.add(.yellow, "no scene leads to more than one other") }
        for cycle in graph.cycles {
            let names = cycle.scenes.prefix(5).map { graph.scenes[$0].id.inFindings(atMost: 200) }
            let ring =
                names.joined(separator: ", ") + (cycle.scenes.count > 5 ? " and \(cycle.scenes.count - 5) more" : "")
            if !cycle.hasWayOut {
                findings.add(.red, "nothing leads out of \(ring)")
            } else if !cycle.setsSomething {
                findings.add(.yellow, "going round \(ring) changes nothing")
            }
        }
        return findings
    }

    /// What a choice requires is set somewhere, and nobody comes to where no choice is open.
    var gateways: Findings {
        var findings = Findings()
        let isSet = graph.reach.isSet
        for (index, scene) in graph.scenes.enumerated() {
            for exit in graph.exits[index] {
                for codeword in exit.requires where !isSet[codeword] {
                    findings.add(
                        .red, scene, choice: exit.choice,
                        "requires \(name(of: codeword)), which nothing sets that can be come to")
                }
            }
        }
        let (places, isWhole) = graph.stuck()
        for place in places {
            let lacking = place.lacking.map(name).joined(separator: " and ")
            findings.add(
                place.isProven ? .red : .yellow, graph.scenes[place.scene],
                "\(place.isProven ? "leaves" : "may leave") a reader stuck who comes without \(lacking)")
        }
        if !isWhole { findings.add(.yellow, "there are too many codewords to see whether a reader can get stuck") }
        return findings
    }

    private func name(of codeword: Int) -> String { "“\(graph.codewords[codeword].inFindings())”" }
}
