import UnknotPlatform

/// Signals that end the program, noted so that it ends at a moment of its own choice.
final class Interruption {
  // Set by a signal, which can come at any moment and may do nothing else.
  nonisolated(unsafe) private(set) static var received: Int32 = 0
  private var caught: [Int32] = []

  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // One that its starter has ignored stays so. It is asked without a change: a signal that came while another was set would
      // be lost.
      guard !Self.isIgnored(number) else { continue }
      _ = signal(number) { Interruption.received = $0 }
      caught.append(number)
    }
    // A starter with threads hands on what those block: a signal that is waited for would never come.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in caught { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var now = sigaction()
    guard sigaction(number, nil, &now) == 0 else { return false }
    #if canImport(Darwin)
      let handler = now.__sigaction_u.__sa_handler
    #else
      let handler = now.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Lets signals do what they did.
  func close() {
    for number in caught { _ = signal(number, SIG_DFL) }
    caught = []
  }
}
