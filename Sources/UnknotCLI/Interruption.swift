import UnknotPlatform

/// Signals that end the program, noted so that it ends at a moment of its own choice.
final class Interruption {
  // Set by a signal, which can come at any moment and may do nothing else.
  nonisolated(unsafe) private(set) static var received: Int32 = 0
  private var caught: [Int32] = []

  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // One that its starter has ignored stays so.
      guard !isIgnored(signal: number) else { continue }
      _ = signal(number) { Interruption.received = $0 }
      caught.append(number)
    }
    // A starter with threads hands on what those block: a signal that is waited for would never come.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in caught { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets signals do what they did.
  func close() {
    for number in caught { _ = signal(number, SIG_DFL) }
    caught = []
  }
}
