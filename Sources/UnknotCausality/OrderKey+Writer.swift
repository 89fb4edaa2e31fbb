// What a writer adds to a key, so that keys of two writers are never equal, and so that what each of two devices inserts
// at one place stays together when they meet (`merge.md`, "Order").
//
// The first key that a writer makes at a place is a key between the neighbours, the writer's tail, and an inner key:
//
//     a1  +  4fT0…  +  a1        between "a1" and "a2", by the writer whose tail is "4fT0…"
//
// Everything up to the tail is the run's stem. As long as the writer goes on directly beside its own run, it keeps the
// stem and counts the inner key on, up or down. All keys of the run then lie between any two that do not have the
// stem: another writer's run at the same place has another stem, and is before all of it or after all of it.
extension OrderKey {
  /// So many digits of an actor's random bytes: of a million actors, two have one tail in less than one of a million
  /// journals. Equal keys do no harm but that neighbours get new ones (`insertion`).
  private static let tailDigits = 10

  /// The key of the next element of a list that is made just now, together with the record that it belongs to. Nobody
  /// else can have written into it, so it needs no tail.
  ///
  /// - Parameter last: the key that this gave last; nil for the list's first element.
  public static func inNewList(after last: String?) throws(OrderKeyError) -> String { try between(last, nil) }

  static func tail(of writer: ActorID) -> [UInt8] {
    var rest = writer.high
    return (0..<tailDigits).map { _ in
      defer { rest /= UInt64(digits.count) }
      return digits[Int(rest % UInt64(digits.count))]
    }
  }

  /// A key of this writer's between two others; nil stands for the list's end on that side.
  static func between(
    _ low: [UInt8]?, _ high: [UInt8]?, by writer: ActorID
  ) throws(OrderKeyError) -> [UInt8] {
    let tail = tail(of: writer)
    // A file can bring a run that has no room at its end: there a new one begins.
    if let key = try? inRun(low, high, tail) { return key }
    return try stem(low, high) + tail + inner(nil, nil)
  }

  /// The next key of a run of this writer's that ends at `low` or begins at `high`. Nil where neither is so: within a
  /// run that others know, too, a new one begins, or what they insert there would come between.
  private static func inRun(
    _ low: [UInt8]?, _ high: [UInt8]?, _ tail: [UInt8]
  ) throws(OrderKeyError) -> [UInt8]? {
    if let low, let stem = stem(of: low, tail), high.map({ !$0.starts(with: stem) }) ?? true {
      return stem + (try inner(Array(low.dropFirst(stem.count)), nil))
    }
    if let high, let stem = stem(of: high, tail), low.map({ !$0.starts(with: stem) }) ?? true {
      return stem + (try inner(nil, Array(high.dropFirst(stem.count))))
    }
    return nil
  }

  /// What a key begins with, up to the last place where the writer's tail stands, if an inner key follows.
  private static func stem(of key: [UInt8], _ tail: [UInt8]) -> [UInt8]? {
    guard key.count > tail.count else { return nil }
    for start in (0..<key.count - tail.count).reversed()
    where key[start..<start + tail.count].elementsEqual(tail) {
      let end = start + tail.count
      return isValid(Array(key[end...])) ? Array(key[..<end]) : nil
    }
    return nil
  }

  /// A key beside another one, or the first. It does not end in zero, so that the whole key is one, too.
  private static func inner(_ low: [UInt8]?, _ high: [UInt8]?) throws(OrderKeyError) -> [UInt8] {
    var key = try between(low, high)
    while key.last == zero { key = high == nil ? try between(key, nil) : try between(nil, key) }
    return key
  }

  /// A key between two others that stays between them whatever is added to it.
  private static func stem(_ low: [UInt8]?, _ high: [UInt8]?) throws(OrderKeyError) -> [UInt8] {
    var key = try between(low, high)
    while let high, high.starts(with: key) { key += middle([], Array(high.dropFirst(key.count))) }
    return key
  }
}
