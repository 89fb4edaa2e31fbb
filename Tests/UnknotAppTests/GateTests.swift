import Testing

@testable import UnknotApp

/// Nobody comes in but the browser that was given the address.
@Suite struct GateTests {
  private static func gate() -> Gate { Gate(port: 8642, token: "t0k", cookie: "c00k") }

  @Test func theAddressWorksOnce() {
    var gate = Self.gate()
    let first = gate.ask(isPost: false, host: "127.0.0.1:8642", origin: nil, cookies: nil, token: "t0k")
    #expect(first == .giveCookie("unknot-8642=c00k; Path=/; HttpOnly; SameSite=Strict"))
    guard
      case .refused(403, _) = gate.ask(
        isPost: false, host: "127.0.0.1:8642", origin: nil, cookies: nil, token: "t0k")
    else {
      Issue.record("it worked twice")
      return
    }
    #expect(
      gate.ask(
        isPost: false, host: "localhost:8642", origin: nil, cookies: "a=b; unknot-8642=c00k", token: nil)
        == .comeIn)
    #expect(
      gate.ask(
        isPost: true, host: "127.0.0.1:8642", origin: "http://127.0.0.1:8642", cookies: "unknot-8642=c00k",
        token: nil)
        == .comeIn)
  }

  @Test(
    arguments: [
      (false, "evil.example:8642", nil, "unknot-8642=c00k", nil), (false, nil, nil, "unknot-8642=c00k", nil),
      (false, "127.0.0.1", nil, "unknot-8642=c00k", nil),
      (false, "127.0.0.1:80", nil, "unknot-8642=c00k", "t0k"),
      (true, "127.0.0.1:8642", nil, "unknot-8642=c00k", nil),
      (true, "127.0.0.1:8642", "null", "unknot-8642=c00k", nil),
      (true, "127.0.0.1:8642", "https://127.0.0.1:8642", "unknot-8642=c00k", nil),
      (false, "127.0.0.1:8642", "http://evil.example", "unknot-8642=c00k", nil),
      (true, "127.0.0.1:8642", "http://127.0.0.1:8642", nil, "t0k"),
      (true, "127.0.0.1:8642", "http://127.0.0.1:8642", "unknot-8642=c00", nil),
      (false, "127.0.0.1:8642", nil, "unknot-8642=", nil),
      (false, "127.0.0.1:8642", nil, "xunknot-8642=c00k", "T0K"),
      (false, "127.0.0.1:8642", nil, nil, ""), (false, "127.0.0.1:8642", nil, nil, nil),
    ] as [(Bool, String?, String?, String?, String?)])
  func nobodyElseComesIn(isPost: Bool, host: String?, origin: String?, cookies: String?, token: String?) {
    var gate = Self.gate()
    guard case .refused = gate.ask(isPost: isPost, host: host, origin: origin, cookies: cookies, token: token)
    else {
      Issue.record("let in")
      return
    }
    // And whoever has the address still can.
    #expect(
      gate.ask(isPost: false, host: "127.0.0.1:8642", origin: nil, cookies: nil, token: "t0k")
        == .giveCookie("unknot-8642=c00k; Path=/; HttpOnly; SameSite=Strict"))
  }
}
