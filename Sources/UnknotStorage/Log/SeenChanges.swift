public import UnknotCausality

/// What the writer of a change had seen.
public struct SeenContext {
  fileprivate let context: WriterContext?
  fileprivate let lines: Lines

  /// Whether the writer had seen that change; false also where one of the two is not held.
  public func covers(_ change: Dot) -> Bool {
    lines.key(of: change).map { context?.covers($0, lines.tree) ?? false } ?? false
  }
}

/// Tells of many changes what their writers had seen. Asked in the order in which an actor wrote, it reads what each of
/// them had learnt once. Asked in another order it begins with the line's first change again: a thousand times at most,
/// since a file can bring changes that are told in any order.
public final class SeenChanges {
  private let reader: StoreReader
  private var latest: [Int64: (key: ChangeKey, context: WriterContext)] = [:]
  private var beginningsLeft = 1000

  /// Reads from this reader's journal, within its read.
  public init(_ reader: StoreReader) { self.reader = reader }

  /// Nil where it was asked too often.
  public func context(of change: Dot) throws -> SeenContext? {
    guard let key = reader.lines.key(of: change) else {
      return SeenContext(context: nil, lines: reader.lines)
    }
    let known = latest[key.line].flatMap { $0.key <= key ? $0 : nil }
    if known == nil {
      guard beginningsLeft > 0 else { return nil }
      beginningsLeft -= 1
    }
    let context = try reader.context(of: key, after: known)
    latest[key.line] = (key, context)
    return SeenContext(context: context, lines: reader.lines)
  }
}
