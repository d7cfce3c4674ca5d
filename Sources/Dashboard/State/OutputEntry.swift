import Core

/// One answer in the Output pane, from its first letter to what was stored of it.
struct OutputEntry: Sendable {
    enum Standing: Sendable, Hashable {
        /// Under way; nothing of it is durable yet.
        case streaming
        case confirmed(AnswerSource)
        case failed(String)
    }

    /// The longest answer that is kept to be read again; what is beyond is in the workspace.
    static let longest = 200_000

    var request: ULID
    var role: RoleName
    var step: String
    var isConsultation: Bool
    var standing = Standing.streaming
    /// What is stored of it: the artifacts' types and titles.
    var stored: [StoredArtifact] = []
    private(set) var text = ""
    /// The finished text as it is read; nil while it grows.
    private var finished: [Prose.Paragraph]?
    private var memo = LineMemo()
    private var rawMemo = LineMemo()

    init(request: ULID, role: RoleName, step: String, isConsultation: Bool) {
        self.request = request
        self.role = role
        self.step = step
        self.isConsultation = isConsultation
    }

    var paragraphs: [Prose.Paragraph] { finished ?? (text.isEmpty ? [] : Prose.paragraphs(of: text)) }

    /// The lines that the text makes at a width; of a finished one they are made once.
    func lines(width: Int, isRaw: Bool, _ make: () -> [Line]) -> [Line] {
        finished == nil ? make() : (isRaw ? rawMemo : memo).lines(width: width, make)
    }

    mutating func grow(by piece: String) {
        guard text.utf8.count < Self.longest else { return }
        text += piece
    }

    mutating func finish(_ standing: Standing, text whole: String? = nil) {
        self.standing = standing
        if let whole { text = String(whole.prefix(Self.longest)) }
        finished = text.isEmpty ? [] : Prose.paragraphs(of: text)
        (memo, rawMemo) = (LineMemo(), LineMemo())
    }
}
