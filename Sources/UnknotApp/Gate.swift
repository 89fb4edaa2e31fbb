import UnknotKit

/// Who is let in: the browser that was given the address, on this machine, from a page of this program's own.
///
/// Any page of any site can make a browser ask for `http://127.0.0.1:…`, and any program on this machine can. The one has no
/// cookie (`SameSite=Strict`), names another origin, and where its name was made to point here, another host; the other
/// does not know the token.
struct Gate: Sendable {
  enum Answer: Equatable, Sendable {
    case comeIn
    /// The token was right: from now on the cookie counts, and the token no more.
    case giveCookie(String)
    /// What is wrong, for the person.
    case refused(status: Int, String)
  }

  /// Browsers do not tell ports apart: two servers would take each other's cookie away.
  private let cookieName: String
  private let hosts: [String]
  private var token: String?
  private let cookie: String

  /// - Parameters:
  ///   - token: what the address has that the person was given.
  ///   - cookie: what the browser has from then on. Both of 32 random bytes.
  init(port: UInt16, token: String, cookie: String) {
    cookieName = "unknot-\(port)"
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    self.token = token
    self.cookie = cookie
  }

  /// - Parameters:
  ///   - token: of the address; nil: it has none.
  ///   - origin: where the page lies that asks; nil: it is not said.
  mutating func ask(
    isPost: Bool, host: String?, origin: String?, cookies: String?, token given: String?
  ) -> Answer {
    guard let host, hosts.contains(where: { Self.isSame($0, host.lowercased()) }) else {
      return .refused(status: 421, "This is another host's address.")
    }
    if let origin, !hosts.contains(where: { Self.isSame("http://\($0)", origin.lowercased()) }) {
      return .refused(status: 403, "The request is from another site.")
    }
    guard !isPost || origin != nil else {
      return .refused(status: 403, "The request does not name its page.")
    }
    if let cookies {
      let values = cookies.split(separator: ";").map { $0.drop { $0 == " " } }
      if values.contains(where: { Self.isSame("\(cookieName)=\(cookie)", String($0)) }) {
        return .comeIn
      }
    }
    if let given, let token, !isPost, Self.isSame(token, given) {
      self.token = nil
      return .giveCookie(
        "\(cookieName)=\(cookie); Path=/; HttpOnly; SameSite=Strict")
    }
    return .refused(
      status: 403,
      "Open the address that the program showed when it started. It works once, in one browser: for another one, start "
        + "the program again.")
  }

  /// In a time that does not tell how much of it was right.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
  }
}
