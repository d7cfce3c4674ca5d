import Core
import Workspace

/// What an earlier run of the same order, or this one before it was ended, left of a step that is not run now.
extension LoopEngine {
    /// Puts it on the shelf, as if the step had been run.
    mutating func recall(_ step: Loop.Step) throws(RunError) {
        if let reading = try? reading(of: step) { shelf.see(reading) }
        for piece in try recalledPieces(of: step) {
            guard let artifact = try desk.artifact(ofPiece: piece, upTo: assignment.take) else { continue }
            shelf.put(artifact)
        }
        if step.action == .snapshot, let snapshot = try desk.snapshot(of: idsToFreeze()) { shelf.put(snapshot) }
    }

    /// What a step may have written: of a list of unknown length as many as there are.
    private func recalledPieces(of step: Loop.Step) throws(RunError) -> [String] {
        var pieces = try answeredPieces(of: step)
        if let split = library.form(of: step)?.split {
            pieces += pieces.map { splitPiece(split.type, of: $0, in: step) }
        }
        switch step.action {
        case .images, .audio: pieces += try piecesUntilNone(ActionName.mostMedia) { mediaPiece(of: step, index: $0) }
        case .views: pieces.append(ownPiece(of: step, prefix: "VIEW"))
        case .export: pieces.append(ownPiece(of: step, prefix: "NOTE"))
        case .snapshot, .promote, nil: break
        }
        return pieces
    }

    private func answeredPieces(of step: Loop.Step) throws(RunError) -> [String] {
        guard let form = library.form(of: step) else { return [] }
        if form.updates != nil || step.each != nil {
            guard let reading = try? reading(of: step) else { return [] }
            guard form.updates == nil else { return reading.map(\.piece) }
            return ((try? parts(of: step, reading: reading)) ?? []).map { piece(of: step, part: $0) }
        }
        guard form.each != nil else { return [piece(of: step, part: Part(index: 0))] }
        return try piecesUntilNone(Loop.itemLimit) { piece(of: step, index: $0) }
    }

    private func piecesUntilNone(_ most: Int, _ name: (Int) -> String) throws(RunError) -> [String] {
        var pieces: [String] = []
        for index in 0..<most {
            let piece = name(index)
            guard try desk.artifact(ofPiece: piece, upTo: assignment.take) != nil else { break }
            pieces.append(piece)
        }
        return pieces
    }
}
