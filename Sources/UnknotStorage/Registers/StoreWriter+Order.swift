public import UnknotCausality

/// Where a record goes among those of its parent.
public enum ListPlace: Hashable, Sendable {
  case first, last
  /// Directly after that record.
  case after(Dot)
}

/// What puts a record into its place: keys for the field that orders its kind.
public struct ListInsertion: Sendable {
  /// The one that orders the kind.
  public let field: FieldName
  /// The record's own key.
  public let key: String
  /// Empty, unless a file has brought equal or malformed keys: those that stand around the place get new ones.
  public let rekeyed: [(record: Dot, key: String)]
}

extension StoreWriter {
  /// The keys that put a record somewhere in the order of its parent's records of one kind.
  ///
  /// - Parameters:
  ///   - kind: one that is declared with an order.
  ///   - record: the record, where it is there already and is moved; nil: it is made.
  /// - Returns: nil where it stands there already, and no device disagrees.
  /// - Throws: `StorageError.notInList` where the record that it is to follow is not there; `.invalidWrite` where the kind
  ///   has no order, or the list is full.
  public func insertion(
    of kind: String, into parent: Dot, at place: ListPlace, moving record: Dot? = nil
  ) throws -> ListInsertion? {
    guard let field = reader.store.recordTables[kind]?.schema.orderField else {
      throw StorageError.invalidWrite("\(kind) is declared without an order")
    }
    if record == nil, place == .last, let last = try lastKey(of: kind, madeWith: parent, field),
      let key = try? OrderKey.inNewList(after: last)
    {
      return ListInsertion(field: FieldName(field), key: key, rekeyed: [])
    }
    let all = try reader.children(of: parent, in: kind, includeRemoved: true, fields: [])
    func key(_ record: StoredRecord) -> String? {
      if case .text(let key) = record[field] { key } else { nil }
    }
    let (seen, others) = (all.filter(\.isPresent), all.filter { $0.isPresent && $0.id != record })
    let present = seen.firstIndex { $0.id == record }
    let target: Int
    switch place {
    case .first: target = 0
    case .last: target = others.count
    // After itself is where it stands.
    case .after(let id) where id == record: target = present ?? others.count
    case .after(let id):
      guard let found = others.firstIndex(where: { $0.id == id }) else { throw StorageError.notInList(id) }
      target = found + 1
    }
    if let present, present == target {
      // A move to where it stands decides what devices disagree on.
      guard seen[present].fields[FieldName(field)]?.isInConflict == true, let own = key(seen[present]) else {
        return nil
      }
      return ListInsertion(field: FieldName(field), key: own, rekeyed: [])
    }
    let unseen = all.filter { !$0.isPresent && $0.id != record }.compactMap(key)
    do {
      let insertion = try OrderKey.insertion(at: target, among: others.map(key), unseen: unseen, by: actor)
      return ListInsertion(
        field: FieldName(field), key: insertion.key,
        rekeyed: insertion.rekeyed.map { (others[$0.place].id, $0.key) })
    } catch let error as OrderKeyError {
      throw StorageError.invalidWrite(error.description)
    }
  }

  /// The last key of a list that was begun in this operation, so that nobody else can have written into it; nil of any
  /// other list.
  private func lastKey(of kind: String, madeWith parent: Dot, _ field: String) throws -> String?? {
    guard isMadeNow(parent) else { return nil }
    if let lastInList, lastInList.parent == parent, bytewiseEqual(lastInList.kind, kind) {
      return .some(lastInList.key)
    }
    let last = try reader.children(of: parent, in: kind, includeRemoved: true, fields: []).last
    guard let last else { return .some(nil) }
    if case .text(let key) = last[field] { return .some(key) }
    return nil
  }
}
