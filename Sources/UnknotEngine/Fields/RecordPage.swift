public import UnknotCausality
public import UnknotStorage

/// Some records of a kind, and where the next ones begin.
public struct RecordPage: Sendable {
  /// Newest first.
  public let records: [StoredRecord]
  /// After which the next page begins; nil: this was the last one.
  public let next: RecordPlace?
}

extension StoreReader {
  /// Records of a kind page by page, newest first, those of one time by their ids: by the kind's time field, or else by
  /// when they were made. However much is written between two pages, none comes twice, and none is left out that was
  /// there all the time.
  ///
  /// - Parameter filter: where the page begins (`after`, the `next` of the page before), and how long it is (`limit`, at least 1).
  /// - Throws: `StorageError`.
  public func page(_ kind: RecordKind, _ filter: RecordFilter = RecordFilter(limit: 50)) throws -> RecordPage
  {
    guard let limit = filter.limit, limit < .max else {
      return RecordPage(records: try records(in: kind.name, filter), next: nil)
    }
    var oneMore = filter
    oneMore.limit = max(1, limit) + 1
    let found = try records(in: kind.name, oneMore)
    let shown = Array(found.prefix(max(1, limit)))
    let next = try found.count > shown.count ? shown.last.map { try place(of: $0.id) } : nil
    return RecordPage(records: shown, next: next)
  }

  /// The records of a kind that belong to a record, in their order; those that were removed left out.
  ///
  /// - Throws: `StorageError`.
  public func children(of parent: Dot, _ kind: RecordKind) throws -> [StoredRecord] {
    try children(of: parent, in: kind.name, includeRemoved: false)
  }
}
