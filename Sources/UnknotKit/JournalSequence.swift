/// Things that are read from the journal one at a time, as often as is wanted, all from one state of it: a file can bring
/// more than fits into memory. It is at hand only inside the closure that it was given to.
public struct JournalSequence<Element> {
  private let go: (_ each: (Element) throws -> Void) throws -> Void

  init(_ go: @escaping (_ each: (Element) throws -> Void) throws -> Void) { self.go = go }

  /// - Throws: what `body` throws, and `KitError` where the journal cannot be read.
  public func each(_ body: (Element) throws -> Void) throws { try go(body) }

  /// All of them in memory.
  public func array() throws -> [Element] {
    var elements: [Element] = []
    try each { elements.append($0) }
    return elements
  }
}
