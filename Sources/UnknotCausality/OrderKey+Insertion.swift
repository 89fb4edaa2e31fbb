/// The key of a new element of a list, and the new keys that others need for it.
public struct OrderInsertion: Hashable, Sendable {
  /// The order key that the new element gets.
  public let key: String
  /// Empty, unless a file has brought equal, malformed or overlong keys: those that stand around the place then get new
  /// ones, by their places in the list.
  public let rekeyed: [Rekeyed]

  /// An element that was in the list already and needs a new key.
  public struct Rekeyed: Hashable, Sendable {
    /// Where it stands in the list that was given to `OrderKey.insertion`, from 0: the new element is not counted.
    public let place: Int
    /// The order key that it gets instead of its own.
    public let key: String
  }
}

extension OrderKey {
  /// Puts an element into a list, directly before the one that stands at `place` now.
  ///
  /// - Parameters:
  ///   - keys: those of the list as a person sees it, without the element itself where it is moved; nil for none. They
  ///     are in the order of their bytes, equal ones in the order of their records.
  ///   - unseen: keys of the list's removed elements. They may come back, so no key of theirs is given again.
  ///   - writer: the actor that writes it.
  public static func insertion(
    at place: Int, among keys: [String?], unseen: [String], by writer: ActorID
  ) throws(OrderKeyError) -> OrderInsertion {
    precondition(keys.indices.contains(place) || place == keys.count, "a place is in its list")
    let bytes = keys.map { Array(($0 ?? "").utf8) }
    // What is longer than any that this makes counts as malformed: there would be less and less room beside it.
    func isUsable(_ key: [UInt8]) -> Bool { key.count <= maximumBytes / 2 && isValid(key) }
    let lowPlace = bytes[..<place].lastIndex(where: isUsable)
    let low = lowPlace.map { bytes[$0] }
    func isAbove(_ key: [UInt8]) -> Bool {
      isUsable(key) && (low.map { $0.lexicographicallyPrecedes(key) } ?? true)
    }
    let high = (bytes[place...] + unseen.map { Array($0.utf8) }).filter(isAbove)
      .min { $0.lexicographicallyPrecedes($1) }

    var last = try between(low, high, by: writer)
    var rekeyed: [OrderInsertion.Rekeyed] = []
    // Malformed keys before the place that would sort behind it: a well-formed one is never greater than `low`.
    let before = (lowPlace.map { $0 + 1 } ?? 0)..<place
    if before.contains(where: { !bytes[$0].lexicographicallyPrecedes(last) }) {
      var previous = low
      for index in before {
        let key = try between(previous, high, by: writer)
        rekeyed.append(OrderInsertion.Rekeyed(place: index, key: text(key)))
        previous = key
      }
      last = try between(previous, high, by: writer)
    }
    let key = text(last)
    for index in bytes[place...].indices where !last.lexicographicallyPrecedes(bytes[index]) {
      last = try between(last, high, by: writer)
      rekeyed.append(OrderInsertion.Rekeyed(place: index, key: text(last)))
    }
    return OrderInsertion(key: key, rekeyed: rekeyed)
  }
}
