/// How changes name another change for good. A dot may be called otherwise once a fork becomes known (`merge.md`,
/// "One actor, one history"); what is hashed must not.
///
/// It is the actor of the family's root and how deep in the family the change stands. Where its writer had seen
/// more than one branch of the family, the change's hash says which one is meant.
public struct CanonicalReference: Hashable, Sendable {
  /// Root actor and depth; the change's own dot as long as nobody knows of a fork.
  public let origin: Dot
  /// The hash of the change that is meant; nil where the writer had seen only one branch of its family.
  public let hash: ChangeHash?

  /// - Parameter hash: given only where `origin` alone leaves open which branch is meant.
  public init(origin: Dot, hash: ChangeHash? = nil) {
    self.origin = origin
    self.hash = hash
  }
}
