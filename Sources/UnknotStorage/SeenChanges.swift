public import UnknotCausality

/// What the writer of a change had seen.
public struct SeenContext {
  fileprivate let clock: LocalClock
  fileprivate let names: NameCache

  public func covers(_ change: Dot) -> Bool { names.pack(change).map { clock.covers($0) } ?? false }
}

/// Tells of many changes what their writers had seen. Asked in the order in which an actor wrote, it reads what each of
/// them had learnt once, and not from the actor's first change on every time.
public final class SeenChanges {
  private let reader: StoreReader
  private var latest: [Int64: (dot: LocalDot, clock: LocalClock)] = [:]

  public init(_ reader: StoreReader) { self.reader = reader }

  public func context(of change: Dot) throws -> SeenContext {
    guard let dot = reader.names.pack(change) else {
      return SeenContext(clock: LocalClock(), names: reader.names)
    }
    let actor = Packing.actor(dot)
    let known = latest[actor].flatMap { $0.dot <= dot ? $0 : nil }
    let clock = try reader.context(of: dot, after: known)
    latest[actor] = (dot, clock)
    return SeenContext(clock: clock, names: reader.names)
  }
}
