/// The problems of one file, as they are found.
struct Findings {
    let file: String
    private(set) var problems: [Problem] = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    mutating func add(_ severity: Problem.Severity, at position: Position?, _ message: String) {
        let problem = Problem(
            severity, file: file, line: position?.line ?? 0, column: position?.column ?? 0, message: message)
        if !problems.contains(problem) { problems.append(problem) }
    }

    mutating func error(at position: Position?, _ message: String) { add(.error, at: position, message) }

    /// The problems in the order of the file, those of one place in the order in which they were found.
    var sorted: [Problem] {
        problems.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset)
                < (right.element.line, right.element.column, right.offset)
        }.map(\.element)
    }
}
