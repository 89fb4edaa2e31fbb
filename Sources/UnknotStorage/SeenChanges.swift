public import UnknotCausality

/// What the writer of a change had seen.
public struct SeenContext {
  fileprivate let clock: LocalClock
  fileprivate let names: NameCache

  public func covers(_ change: Dot) -> Bool { names.pack(change).map { clock.covers($0) } ?? false }
}

/// Tells of many changes what their writers had seen. Asked in the order in which an actor wrote, it reads what each of
/// them had learnt once. Asked in another order it begins with the actor's first change again: a thousand times at most,
/// since a file can bring changes that are told in any order.
public final class SeenChanges {
  private let reader: StoreReader
  private var latest: [Int64: (dot: LocalDot, clock: LocalClock)] = [:]
  private var beginningsLeft = 1000

  public init(_ reader: StoreReader) { self.reader = reader }

  /// Nil where it was asked too often.
  public func context(of change: Dot) throws -> SeenContext? {
    guard let dot = reader.names.pack(change) else {
      return SeenContext(clock: LocalClock(), names: reader.names)
    }
    let actor = Packing.actor(dot)
    let known = latest[actor].flatMap { $0.dot <= dot ? $0 : nil }
    if known == nil {
      guard beginningsLeft > 0 else { return nil }
      beginningsLeft -= 1
    }
    let clock = try reader.context(of: dot, after: known)
    latest[actor] = (dot, clock)
    return SeenContext(clock: clock, names: reader.names)
  }
}
