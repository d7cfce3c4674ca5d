import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Hands what a session reports over to the exchange that it belongs to.
final class HTTPSessionDelegate: NSObject, URLSessionDataDelegate {
    /// Longer than any request may take: ``HTTPExchange`` keeps the time.
    static let noTimeout: TimeInterval = 7 * 86_400

    private let exchanges = Mutex<[Int: HTTPExchange]>([:])

    /// Makes and starts the task of an exchange.
    func begin(_ exchange: HTTPExchange, in session: URLSession) -> URLSessionDataTask {
        let task = session.dataTask(with: Self.request(exchange.post))
        exchanges.withLock { $0[task.taskIdentifier] = exchange }
        task.resume()
        return task
    }

    private func exchange(of task: URLSessionTask) -> HTTPExchange? {
        exchanges.withLock { $0[task.taskIdentifier] }
    }

    private static func request(_ post: HTTPPost) -> URLRequest {
        var request = URLRequest(url: post.url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: noTimeout)
        request.httpMethod = "POST"
        request.httpBody = post.body
        request.httpShouldHandleCookies = false
        for header in post.headers { request.setValue(header.value, forHTTPHeaderField: header.name) }
        return request
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let http = response as? HTTPURLResponse
        let type = http?.value(forHTTPHeaderField: "Content-Type") ?? ""
        let media = type.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        exchange(of: dataTask)?.begin(
            HTTPHead(
                status: http?.statusCode ?? 0, contentType: media.trimmingCharacters(in: .whitespaces).lowercased()))
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        if exchange(of: dataTask)?.take(data) == false { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didSendBodyData bytesSent: Int64, totalBytesSent: Int64,
        totalBytesExpectedToSend: Int64
    ) {
        exchange(of: task)?.noteSending()
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        guard let exchange, let error else {
            exchange?.end()
            return
        }
        exchange.end(throwing: exchange.isSent ? .interrupted : Self.failureToConnect(error, to: exchange.post.url))
    }

    /// Follows no redirect: it could take a prompt, or the key, to another origin, and would drop the body.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        exchange(of: task)?.end(throwing: HTTPFailure.redirected(to: newRequest.url?.absoluteString ?? "nowhere"))
        completionHandler(nil)
        task.cancel()
    }

    /// What kept a request from leaving: URLSession tells these cases apart only roughly.
    private static func failureToConnect(_ error: any Error, to url: URL) -> HTTPFailure {
        switch (error as? URLError)?.code {
        case .cannotFindHost?, .dnsLookupFailed?: .hostNotFound
        case .cannotConnectToHost?, .timedOut?: .refused
        default: url.scheme?.lowercased() == "https" ? .insecure : .refused
        }
    }
}
