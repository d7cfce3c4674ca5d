/// The bars about what a reader sees and hears.
extension Story {
    /// Nothing that a reader reads talks of the machinery.
    var presentation: Findings {
        var findings = Findings()
        let talk = MachineryTalk(ids: graph.scenes.map(\.id))
        for scene in graph.scenes {
            for remark in talk.remarks(in: scene.title) + talk.remarks(in: scene.text) {
                findings.add(remark.status, scene, "says “\(remark.words)” to the reader")
            }
            for (index, choice) in scene.choices.enumerated() {
                for remark in talk.remarks(in: choice.label) + talk.remarks(in: choice.condition) {
                    findings.add(remark.status, scene, choice: index, "says “\(remark.words)” to the reader")
                }
            }
        }
        for page in pages {
            for remark in talk.remarks(in: page.title) + talk.remarks(in: page.text) {
                findings.add(
                    remark.status, "\(page.id.inFindings(atMost: 200)) says “\(remark.words)” to the reader")
            }
        }
        return findings
    }

    /// Every picture is described, and every sound has its text.
    var accessibility: Findings {
        var findings = Findings()
        for asset in assets where asset.alternative.isEmpty {
            let lack = asset.kind == .picture ? "has no alt text" : "has no text for who cannot hear it"
            findings.add(.red, "\(asset.id.inFindings(atMost: 200)) \(lack)")
        }
        return findings
    }

    /// Every picture and sound can be made again.
    var determinism: Findings {
        var findings = Findings()
        for asset in assets {
            let id = asset.id.inFindings(atMost: 200)
            if !asset.missing.isEmpty {
                findings.add(.red, "\(id) does not say its \(asset.missing.joined(separator: " and "))")
            } else if asset.hasNoSeed {
                findings.add(.yellow, "\(id) was made without a seed and cannot be made the same again")
            }
        }
        return findings
    }
}
