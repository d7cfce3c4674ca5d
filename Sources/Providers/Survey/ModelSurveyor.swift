import Core
import Foundation

/// Reads a server's list of models, page by page, within ten seconds and 8 MiB in all.
struct ModelSurveyor: Sendable {
    private static let byteLimit = 8 << 20
    private static let seconds = 10.0
    private static let mostPages = 50
    private static let longestName = 200

    /// What has come of the list so far.
    fileprivate struct Reading {
        var models: [ProviderSurvey.Model] = []
        var names: Set<String> = []
        var takesAnyModel = false
        var latency: Int64?
        var bytesLeft = ModelSurveyor.byteLimit
    }

    var endpoint: HTTPEndpoint
    var fields: [HTTPField]
    /// Whether an error, whatever its status, says that the key was not accepted.
    var refusesKey: @Sendable (JSONValue, HTTPHead) -> Bool

    private var http: HTTPTransport { endpoint.http }
    private var errors: HTTPErrorContext { endpoint.errors }

    func survey(_ catalogue: some ModelCatalogue) async throws(ProviderError) -> ProviderSurvey {
        let started = http.time.now().sinceBoot
        var reading = Reading()
        var mark: String?
        for _ in 0..<Self.mostPages {
            let response = try await get(catalogue.listing(at: endpoint.address, after: mark), since: started, &reading)
            guard let object = try list(in: response) else {
                return ProviderSurvey(models: nil, latencyMicroseconds: reading.latency ?? 0)
            }
            guard let page = catalogue.read(object) else { throw unreadable("it holds no list of models") }
            reading.add(page.models, longest: Self.longestName)
            reading.takesAnyModel = page.takesAnyModel
            guard let next = page.next, next != mark, reading.models.count < ProviderSurvey.mostModels else { break }
            mark = next
        }
        return ProviderSurvey(
            models: reading.models, takesAnyModel: reading.takesAnyModel,
            version: await version(catalogue, since: started, reading), latencyMicroseconds: reading.latency ?? 0)
    }

    private func version(_ catalogue: some ModelCatalogue, since started: Int64, _ reading: Reading) async -> String? {
        var reading = reading
        guard let url = catalogue.version(at: endpoint.address),
            let response = try? await get(url, since: started, &reading), response.head.isSuccess,
            let object = try? JSONValue(parsing: response.body)
        else { return nil }
        return object["version"]?.string.map { String($0.visible().prefix(40)) }
    }

    // MARK: - One page

    private struct Response {
        var head: HTTPHead
        var body = Data()
    }

    private func get(_ url: URL, since started: Int64, _ reading: inout Reading) async throws(ProviderError) -> Response
    {
        let sent = http.time.now().sinceBoot
        let left = Self.seconds - Double(sent - started) / 1e6
        let headers = [(name: "Accept", value: "application/json"), (name: "User-Agent", value: "questfoundry")]
        let request = HTTPGet(
            url: url, headers: headers + (try endpoint.headers(of: fields)), byteLimit: reading.bytesLeft)
        var response: Response?
        do {
            try await http.send(request, timeouts: HTTPTimeouts(firstByte: left, idle: left, total: left)) { event in
                switch event {
                case .head(let head): response = Response(head: head)
                case .bytes(let bytes): response?.body += bytes
                }
                return true
            }
        } catch {
            throw described(error)
        }
        guard let response else { throw described(HTTPFailure.interrupted) }
        reading.latency = reading.latency ?? max(0, response.head.receivedAt.sinceBoot - sent)
        reading.bytesLeft -= response.body.count
        return response
    }

    /// The object of a page; nil when the server has no list.
    private func list(in response: Response) throws(ProviderError) -> JSONValue? {
        guard response.head.isSuccess else {
            if [404, 405, 501].contains(response.head.status) { return nil }
            throw statusError(response)
        }
        do {
            return try JSONValue(parsing: response.body)
        } catch {
            throw unreadable(error.description)
        }
    }

    // MARK: - Errors

    private func described(_ failure: any Error) -> ProviderError {
        let host = errors.host
        switch failure {
        case let error as ProviderError: return error
        case HTTPFailure.timedOut:
            return errors.error(
                .timedOut, "\(host) did not give its list of models in \(Int(Self.seconds)) s; check the server",
                billing: .nothing)
        case HTTPFailure.tooLarge:
            return errors.error(
                .tooLarge, "the list of models of \(host) is larger than 8 MiB; check base_url", billing: .nothing)
        case HTTPFailure.interrupted:
            return errors.error(
                .interrupted, "the connection to \(host) broke before its list of models was whole; try again",
                billing: .nothing)
        case let failure as HTTPFailure:
            let none = HTTPTimeouts(firstByte: 0, idle: 0, total: 0)
            return errors.error(for: failure, timeouts: none, partialText: nil)
        default: return errors.error(.cancelled, "the look at \(host) was cancelled", billing: .nothing)
        }
    }

    private func unreadable(_ reason: String) -> ProviderError {
        errors.error(
            .unreadable,
            "the list of models of \(errors.host) cannot be read: \(errors.bounded(reason)); check base_url",
            billing: .nothing)
    }

    private func statusError(_ response: Response) -> ProviderError {
        let body = AnswerErrorBody(
            response.body.prefix(AnswerErrorBody.limit), isText: response.head.contentType == "text/plain")
        let isKeyRefused = body.json.map { refusesKey($0, response.head) } ?? false
        let status = isKeyRefused ? 401 : response.head.status
        let said = body.text.map { ": \"\(errors.bounded($0))\"" } ?? ""
        switch status {
        case 401, 429, 500...:
            return errors.error(status: status, said: body.text, isOutOfCredit: body.isOutOfCredit, model: "")
        case 403:
            return errors.error(
                .forbidden, "\(errors.host) does not allow this (403)\(said); check what the key may use",
                status: status, billing: .nothing)
        default:
            return errors.error(
                .rejected, "\(errors.host) refuses to list its models (\(status))\(said); check base_url",
                status: status, billing: .nothing)
        }
    }
}

extension ModelSurveyor.Reading {
    /// Adds models whose names fit on a line and cannot steer a terminal.
    fileprivate mutating func add(_ more: [ProviderSurvey.Model], longest: Int) {
        for model in more where models.count < ProviderSurvey.mostModels {
            let isHarmless = (1...longest).contains(model.name.count) && model.name.visible() == model.name
            if isHarmless, names.insert(model.name).inserted { models.append(model) }
        }
    }
}
