public import UnknotCausality

/// Where a record goes among those of its parent.
public enum ListPlace: Hashable, Sendable {
  /// Before all others.
  case first
  /// After all others.
  case last
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

/// The end of a list that one operation writes to again and again: nobody else writes meanwhile, so that not all of the
/// list is read each time.
struct ListEnd {
  let parent: Dot
  let kind: String
  /// Of the last record.
  var key: String
  /// The keys of the removed ones, which may come back.
  let unseen: [String]
  /// Made within the operation: nobody else can have written into it.
  let isNew: Bool

  func isOf(_ parent: Dot, _ kind: String) -> Bool { self.parent == parent && bytewiseEqual(self.kind, kind) }

  func isBefore(_ key: String) -> Bool { self.key.utf8.lexicographicallyPrecedes(key.utf8) }
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
    if record == nil, place == .last, let key = try keyAtEnd(of: kind, in: parent) {
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
      let isNew = isMadeNow(parent)
      if isNew, others.isEmpty, unseen.isEmpty {
        let key = try OrderKey.inNewList(after: nil)
        listEnd = ListEnd(parent: parent, kind: kind, key: key, unseen: [], isNew: true)
        return ListInsertion(field: FieldName(field), key: key, rekeyed: [])
      }
      let insertion = try OrderKey.insertion(at: target, among: others.map(key), unseen: unseen, by: actor)
      if record == nil, target == others.count {
        listEnd = ListEnd(parent: parent, kind: kind, key: insertion.key, unseen: unseen, isNew: false)
      }
      return ListInsertion(
        field: FieldName(field), key: insertion.key,
        rekeyed: insertion.rekeyed.map { (others[$0.place].id, $0.key) })
    } catch let error as OrderKeyError {
      throw StorageError.invalidWrite(error.description)
    }
  }

  /// The key behind the last one, where it is known which that is.
  private func keyAtEnd(of kind: String, in parent: Dot) throws -> String? {
    guard var end = listEnd, end.isOf(parent, kind) else { return nil }
    do {
      end.key =
        end.isNew
        ? try OrderKey.inNewList(after: end.key)
        : try OrderKey.insertion(at: 1, among: [end.key], unseen: end.unseen, by: actor).key
    } catch is OrderKeyError {
      // All of the list is looked at: that may find more room, or says what is wrong.
      return nil
    }
    listEnd = end
    return end.key
  }
}
