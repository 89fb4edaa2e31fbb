import Foundation
import NIOCore
import NIOHTTP1

/// As much as an upload may have.
let mostBytes = 64 << 20

/// The requests of one connection and their answers, between what speaks HTTP and the office.
struct Conversation {
  let office: Office
  let channel: any Channel
  let responses: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

  typealias Requests = NIOAsyncChannelInboundStream<HTTPServerRequestPart>

  /// Until the browser closes the connection, or an answer was the last.
  func hold(_ requests: Requests) async throws {
    var parts = requests.makeAsyncIterator()
    // What is left of a request that was answered early is not looked at.
    while let part = try await parts.next() {
      guard case .head(let head) = part else { continue }
      guard try await answer(head, &parts), head.isKeepAlive else {
        try await leave(&parts)
        return
      }
    }
  }

  /// A connection that is closed while something comes in takes what was answered with it: as much as an upload may have is
  /// let in first, and thrown away.
  private func leave(_ parts: inout Requests.AsyncIterator) async throws {
    try await channel.close(mode: .output)
    var count = 0
    while count < mostBytes, let part = try await parts.next() {
      if case .body(let bytes) = part { count += bytes.readableBytes }
    }
  }

  /// False: the rest of the request was not read, and so no other can follow.
  private func answer(_ head: HTTPRequestHead, _ parts: inout Requests.AsyncIterator) async throws -> Bool {
    guard let (path, query) = Self.address(head.uri) else { return try await refuse(head, .notUnderstood) }
    let hosts = head.headers["host"]
    let origins = head.headers["origin"]
    guard hosts.count < 2, origins.count < 2 else { return try await refuse(head, .notUnderstood) }
    let cookies = head.headers["cookie"].joined(separator: ";")
    let decision = await office.ask(
      isPost: head.method != .GET && head.method != .HEAD, host: hosts.first, origin: origins.first,
      cookies: cookies.isEmpty ? nil : cookies, token: query.first { $0.name == "token" }?.value)
    switch decision {
    case .giveCookie(let cookie):
      try await send(.go("/"), to: head, [("Set-Cookie", cookie)])
      return true
    case .refused(let status, let words):
      return try await refuse(head, Refusal(status, "Not here", words))
    case .comeIn: break
    }
    let request: Request
    switch head.method {
    case .GET, .HEAD: request = Request(method: .get, path: path, query: query)
    case .POST:
      do { request = try await read(head, path, query, &parts) } catch let refusal as Refusal {
        return try await refuse(head, refusal)
      }
    default: return try await refuse(head, .notUnderstood)
    }
    let response = await office.answer(request)
    if case .events(let page) = response.body, head.method == .GET {
      try await stream(await office.listen(page))
      return false
    }
    try await send(response, to: head)
    return true
  }

  // MARK: In

  /// Nil where it is none of this program's.
  private static func address(_ uri: String) -> (path: [String], query: [(name: String, value: String)])? {
    let halves = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = halves.first, whole.hasPrefix("/"),
      let query = FormReader.fields(urlencoded: halves.count == 2 ? String(halves[1]) : "")
    else { return nil }
    let parts = whole.split(separator: "/").map { String($0).removingPercentEncoding }
    let path = parts.compactMap { $0 }
    guard path.count == parts.count,
      path.allSatisfy({ !$0.contains("/") && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } })
    else { return nil }
    return (path, query)
  }

  private func read(
    _ head: HTTPRequestHead, _ path: [String], _ query: [(name: String, value: String)],
    _ parts: inout Requests.AsyncIterator
  ) async throws -> Request {
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > mostBytes {
      throw Refusal.tooLarge
    }
    if head.headers[canonicalForm: "expect"].contains("100-continue") {
      try await responses.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
    var body = Data()
    while let part = try await parts.next(), case .body(let bytes) = part {
      guard body.count + bytes.readableBytes <= mostBytes else { throw Refusal.tooLarge }
      body.append(contentsOf: bytes.readableBytesView)
    }
    let type = head.headers.first(name: "content-type") ?? ""
    if type.hasPrefix("application/x-www-form-urlencoded") {
      guard let text = String(data: body, encoding: .utf8), let fields = FormReader.fields(urlencoded: text)
      else { throw Refusal.notUnderstood }
      return Request(method: .post, path: path, query: query, fields: fields)
    }
    guard type.hasPrefix("multipart/form-data"), let start = type.range(of: "boundary=")?.upperBound,
      let found = FormReader.parts(multipart: body, boundary: type[start...].trimmingCharacters(in: ["\""]))
    else { throw Refusal.notUnderstood }
    return Request(method: .post, path: path, query: query, fields: found.fields, files: found.files)
  }

  // MARK: Out

  /// Nothing of another site, no script but this program's, nothing kept by the browser. Without any referrer, browsers would
  /// not say either which page has sent a form.
  private static let headers = HTTPHeaders([
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
  ])

  private func send(
    _ response: Response, to head: HTTPRequestHead, _ more: [(String, String)] = []
  ) async throws {
    var headers = Self.headers
    headers.add(contentsOf: more)
    if let location = response.location { headers.add(name: "Location", value: location) }
    var data = Data()
    switch response.body {
    case .page(let page):
      headers.add(name: "Content-Type", value: "text/html; charset=utf-8")
      data = Data(page.html.text.utf8)
    case .bytes(let bytes, let type, let name):
      headers.add(name: "Content-Type", value: type)
      if let name { headers.add(name: "Content-Disposition", value: "attachment; filename=\"\(name)\"") }
      data = bytes
    case .events, .none: break
    }
    headers.add(name: "Content-Length", value: "\(data.count)")
    if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
    var parts: [HTTPServerResponsePart] = [
      .head(
        HTTPResponseHead(
          version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers))
    ]
    if head.method != .HEAD { parts.append(.body(.byteBuffer(ByteBuffer(bytes: data)))) }
    try await responses.write(contentsOf: parts + [.end(nil)])
  }

  /// Without having read all that was sent.
  private func refuse(_ head: HTTPRequestHead, _ refusal: Refusal) async throws -> Bool {
    var head = head
    head.headers.replaceOrAdd(name: "Connection", value: "close")
    try await send(
      .page(Page.bare(refusal.title, "<p>\(refusal.words)</p>"), status: refusal.status), to: head)
    return false
  }

  private func stream(_ events: AsyncStream<String>) async throws {
    var headers = Self.headers
    headers.add(name: "Content-Type", value: "text/event-stream")
    try await responses.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    let sending = Task { [responses] in
      for await event in events { try await responses.write(.body(.byteBuffer(ByteBuffer(string: event)))) }
    }
    // Whoever has gone is told nothing more.
    channel.closeFuture.whenComplete { _ in sending.cancel() }
    try await withTaskCancellationHandler {
      try await sending.value
    } onCancel: {
      sending.cancel()
    }
    try await responses.write(.end(nil))
  }
}

/// Why a request is not answered as it wants to be.
private struct Refusal: Error {
  let status: Int
  let title: String
  let words: String

  init(_ status: Int, _ title: String, _ words: String) {
    (self.status, self.title, self.words) = (status, title, words)
  }

  static let notUnderstood = Refusal(400, "Not understood", "This program cannot read that.")
  static let tooLarge = Refusal(413, "Too large", "At most \(mostBytes >> 20) MiB are taken at once.")
}
