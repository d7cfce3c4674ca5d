/// Does the same with every element, on several tasks at once. The results are in the order of the elements.
///
/// Throws what went wrong first, or ``WorkspaceError/Code/cancelled`` soon after the task was cancelled; no element is
/// worked on any more then.
func inParallel<Element: Sendable, Value: Sendable>(
    _ elements: [Element], _ work: @escaping @Sendable (Element) throws(WorkspaceError) -> Value
) async throws(WorkspaceError) -> [Value] {
    let size = 64
    let starts = Array(stride(from: 0, to: elements.count, by: size))
    let result = await withTaskGroup(of: (Int, Result<[Value], WorkspaceError>).self) { group in
        var parts: [[Value]] = Array(repeating: [], count: starts.count)
        var waiting = starts.enumerated().makeIterator()
        func addNext() {
            guard let (index, start) = waiting.next() else { return }
            let slice = elements[start..<min(start + size, elements.count)]
            group.addTask { (index, workThrough(slice, work)) }
        }
        for _ in 0..<4 { addNext() }
        while let (index, part) = await group.next() {
            do throws(WorkspaceError) { parts[index] = try part.get() } catch {
                group.cancelAll()
                return Result<[[Value]], WorkspaceError>.failure(error)
            }
            addNext()
        }
        return .success(parts)
    }
    if Task.isCancelled { throw .cancelled }
    return try result.get().flatMap { $0 }
}

private func workThrough<Element, Value>(
    _ elements: ArraySlice<Element>, _ work: (Element) throws(WorkspaceError) -> Value
) -> Result<[Value], WorkspaceError> {
    do throws(WorkspaceError) {
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            if Task.isCancelled { throw .cancelled }
            values.append(try work(element))
        }
        return .success(values)
    } catch {
        return .failure(error)
    }
}
