/// Tells whoever wants to know that a store has written: after the commit, on the thread that wrote.
package final class Commits: Sendable {
  /// Where what was committed came from.
  package enum Origin: Sendable { case written, imported }

  package typealias Listener = @Sendable (Origin) -> Void

  private let state = Guarded((next: 0, listeners: [Int: Listener]()))

  /// - Returns: what `stop` takes.
  package func listen(_ listener: @escaping Listener) -> Int {
    state.withLock { state in
      state.next += 1
      state.listeners[state.next] = listener
      return state.next
    }
  }

  package func stop(_ number: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: number) } }

  func tell(_ origin: Origin) {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener(origin) }
  }
}
