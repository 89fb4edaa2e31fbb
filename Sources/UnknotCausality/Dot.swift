/// The name of a change: its actor, and which of that actor's changes it is, counted from 1 without gaps.
/// The dot of a creating change is also the id of the record.
public struct Dot: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Who wrote the change.
  public let actor: ActorID
  /// Which of the actor's changes it is, from 1. In a clock it is the last one seen; 0 stands for none.
  public let seq: UInt64

  /// No actor counts further than this: storage packs a dot into one 64-bit integer.
  public static let maximumSeq: UInt64 = (1 << 40) - 1

  /// The name of an actor's change. Nothing is checked: not even that `seq` is at most `maximumSeq`.
  public init(_ actor: ActorID, _ seq: UInt64) {
    self.actor = actor
    self.seq = seq
  }

  /// Actor bytes first, then seq: the order of ties in `merge.md`.
  public static func < (left: Dot, right: Dot) -> Bool {
    left.actor == right.actor ? left.seq < right.seq : left.actor < right.actor
  }

  /// `ACTOR-SEQ` with the whole actor.
  public var description: String { "\(actor)-\(seq)" }
}
