import FlyingFox
import FlyingSocks
import Foundation
public import UnknotKit

/// The journal as pages for the browser of this machine: the second front end, with Kit's public face alone.
///
/// It listens on 127.0.0.1 alone and lets in only the browser that was given its address (`Gate`). Everything it shows is made
/// here; no page asks anybody else for anything.
public final class App: Sendable {
  /// What it is given.
  public struct Settings: Sendable {
    /// 0: any that is free.
    public var port: UInt16
    /// Ends it when nobody has asked for anything for so many seconds; nil: it goes on.
    public var idleSeconds: Int?
    /// Where this machine keeps a session that runs.
    public var stateFolder: String
    /// For uploads and exports, which go again at once.
    public var temporaryFolder: String
    /// As many random bytes as are asked for.
    public var randomBytes: @Sendable (Int) -> [UInt8]

    /// - Parameters:
    ///   - port: 0: any that is free.
    ///   - stateFolder: where this machine keeps a session that runs.
    ///   - temporaryFolder: for uploads and exports, which go again at once.
    ///   - randomBytes: as many as are asked for, from a source that nobody can foretell.
    public init(
      port: UInt16, idleSeconds: Int? = nil, stateFolder: String, temporaryFolder: String,
      randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
      (self.port, self.idleSeconds, self.stateFolder) = (port, idleSeconds, stateFolder)
      (self.temporaryFolder, self.randomBytes) = (temporaryFolder, randomBytes)
    }
  }

  private let settings: Settings
  private let office: Office

  /// - Parameter journal: opened with the settings' state folder.
  public init(_ journal: Journal, _ settings: Settings) {
    self.settings = settings
    office = Office(journal, settings)
  }

  /// Serves until the task is cancelled, or nobody has asked for anything for long enough.
  ///
  /// - Parameter ready: called once with the address to be opened: it works once.
  /// - Throws: `KitError` of the kind `failed` where the port is taken.
  public func run(ready: @escaping @Sendable (_ address: String) -> Void) async throws {
    let server = HTTPServer(
      config: HTTPServer.Configuration(
        address: try .inet(ip4: "127.0.0.1", port: settings.port), timeout: 60,
        sharedRequestBufferSize: 1 << 16, sharedRequestReplaySize: 0, logger: .disabled),
      handler: Handler(office: office))
    defer { office.files.removeAll() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [settings] in
        do {
          try await server.run()
        } catch let error as SocketError {
          guard !Task.isCancelled else { return }
          throw KitError(
            .failed, "no page can be served on port \(settings.port)", cause: error.localizedDescription,
            hint: "take another port, or 0 for any that is free")
        }
      }
      group.addTask { [office, settings] in
        try await server.waitUntilListening()
        guard case .ip4(_, let port) = await server.listeningAddress else { return }
        let (token, cookie) = (hexadecimal(settings.randomBytes(32)), hexadecimal(settings.randomBytes(32)))
        await office.open(Gate(port: port, token: token, cookie: cookie))
        ready("http://127.0.0.1:\(port)/?token=\(token)")
        try await office.serve(idleSeconds: settings.idleSeconds)
      }
      defer { group.cancelAll() }
      // The first that ends, ends it.
      do { try await group.next() } catch is CancellationError {}
    }
  }
}

/// Between the library that speaks HTTP and the office.
private struct Handler: HTTPHandler {
  let office: Office

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let token = request.query.first { $0.name == "token" }?.value
    let answer = await office.ask(
      isPost: request.method != .GET && request.method != .HEAD, host: request.headers[.host],
      origin: request.headers[HTTPHeader("Origin")], cookies: request.headers[.cookie], token: token)
    switch answer {
    case .giveCookie(let cookie):
      var response = Self.response(.go("/"))
      response.headers[HTTPHeader("Set-Cookie")] = cookie
      return response
    case .refused(let status, let words):
      return Self.last(.page(Page.bare("Not here", "<p>\(words)</p>"), status: status))
    case .comeIn:
      let read: Request
      do {
        guard let found = try await Self.read(request) else {
          return Self.last(
            .page(Page.bare("Not understood", "<p>That is no request of this program's.</p>"), status: 400))
        }
        read = found
      } catch is TooLarge {
        return Self.last(
          .page(
            Page.bare("Too large", "<p>At most \(mostBytes >> 20) MiB are taken at once.</p>"), status: 413))
      }
      let response = await office.answer(read)
      if case .events(let page) = response.body { return Self.stream(await office.listen(page)) }
      return Self.response(response)
    }
  }

  private struct TooLarge: Error {}

  /// Nil where it is none that this program understands.
  private static func read(_ request: HTTPRequest) async throws -> Request? {
    let parts = request.path.split(separator: "/").map { String($0).removingPercentEncoding }
    let path = parts.compactMap { $0 }
    guard path.count == parts.count,
      path.allSatisfy({ !$0.contains("/") && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } })
    else {
      return nil
    }
    let query = request.query.map { (name: $0.name, value: $0.value) }
    switch request.method {
    case .GET, .HEAD: return Request(method: .get, path: path, query: query)
    case .POST: break
    default: return nil
    }
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > mostBytes {
      throw TooLarge()
    }
    var body = Data()
    for try await part in request.bodySequence {
      guard body.count + part.count <= mostBytes else { throw TooLarge() }
      body += part
    }
    let type = request.headers[.contentType] ?? ""
    if type.hasPrefix("application/x-www-form-urlencoded") {
      guard let text = String(data: body, encoding: .utf8), let fields = FormReader.fields(urlencoded: text)
      else { return nil }
      return Request(method: .post, path: path, query: query, fields: fields)
    }
    guard type.hasPrefix("multipart/form-data"), let start = type.range(of: "boundary=")?.upperBound,
      let parts = FormReader.parts(multipart: body, boundary: type[start...].trimmingCharacters(in: ["\""]))
    else { return nil }
    return Request(method: .post, path: path, query: query, fields: parts.fields, files: parts.files)
  }

  /// Nothing of another site, no script but this program's, nothing kept by the browser. Without any referrer, browsers would
  /// not say either which page has sent a form.
  private static let headers: HTTPHeaders = {
    var headers = HTTPHeaders()
    let values = [
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
      "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
    ]
    for (name, value) in values { headers[HTTPHeader(name)] = value }
    return headers
  }()

  private static func response(_ response: Response) -> HTTPResponse {
    var headers = headers
    if let location = response.location { headers[.location] = location }
    var data = Data()
    switch response.body {
    case .page(let page):
      headers[.contentType] = "text/html; charset=utf-8"
      data = Data(page.html.text.utf8)
    case .bytes(let bytes, let type, let name):
      headers[.contentType] = type
      if let name { headers[.contentDisposition] = "attachment; filename=\"\(name)\"" }
      data = bytes
    case .events, .none: break
    }
    return HTTPResponse(statusCode: HTTPStatusCode(response.status, phrase: ""), headers: headers, body: data)
  }

  /// Without having read all that was sent: what is left of it would be taken for the next request, and so none follows.
  private static func last(_ response: Response) -> HTTPResponse {
    var answer = Self.response(response)
    guard case .page(let page) = response.body else { return answer }
    let bytes = Array(page.html.text.utf8)
    answer.headers[.connection] = "close"
    answer.payload = .httpBody(
      HTTPBodySequence(from: LastBytes(bytes: bytes), count: bytes.count, suggestedBufferSize: bytes.count))
    return answer
  }

  private static func stream(_ events: AsyncStream<String>) -> HTTPResponse {
    var headers = headers
    headers[.contentType] = "text/event-stream"
    return HTTPResponse(
      statusCode: .ok, headers: headers,
      body: HTTPBodySequence(from: EventBytes(events: events), suggestedBufferSize: 4096))
  }
}

/// As much as an upload may have.
let mostBytes = 64 << 20

/// Events as bytes, each as soon as it is there.
private struct EventBytes: AsyncBufferedSequence {
  typealias Element = UInt8
  let events: AsyncStream<String>

  func makeAsyncIterator() -> Iterator { Iterator(events: events.makeAsyncIterator()) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var events: AsyncStream<String>.AsyncIterator
    var rest: ArraySlice<UInt8> = []

    mutating func next() async throws -> UInt8? {
      while rest.isEmpty {
        guard let event = await events.next() else { return nil }
        rest = ArraySlice(event.utf8)
      }
      return rest.popFirst()
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      if rest.isEmpty {
        guard let event = await events.next() else { return nil }
        rest = ArraySlice(event.utf8)
      }
      let part = rest.prefix(count)
      rest = rest.dropFirst(part.count)
      return part
    }
  }
}

/// The last that is sent: whoever asks for more ends the connection.
private struct LastBytes: AsyncBufferedSequence {
  typealias Element = UInt8
  let bytes: [UInt8]

  func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    var rest: ArraySlice<UInt8>

    mutating func next() async throws -> UInt8? {
      guard let byte = rest.popFirst() else { throw SocketError.disconnected }
      return byte
    }

    mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
      guard !rest.isEmpty else { throw SocketError.disconnected }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
  }
}
