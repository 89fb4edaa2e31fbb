import UnknotEngine

/// Which records a list shows.
public struct ListFilter: Sendable {
  /// The day or the moment is included. Nil: from the oldest on.
  public var since: TimeBound?
  /// A day is included, a moment is not.
  public var until: TimeBound?
  /// How many records at most: none for 0 or less, all for nil.
  public var limit: Int?
  /// Goes on after this record: its id, or what `Journal.cursor` says, which names its place as it was. Nil: from the
  /// newest on.
  public var after: String?
  /// Also removed ones, and what went with them.
  public var includesRemoved: Bool
  /// Removed ones alone; of what belongs to another record, none.
  public var isOfRemoved = false

  /// Only what is about this place: with a side, what is on that side or on both. Nil: about any.
  public var site: PlaceText?
  /// Only what bears this tag. Nil: with any, and without one.
  public var tag: String?

  /// Without arguments: all records that are there.
  public init(
    since: TimeBound? = nil, until: TimeBound? = nil, limit: Int? = nil, after: String? = nil,
    includesRemoved: Bool = false
  ) {
    self.since = since
    self.until = until
    self.limit = limit
    self.after = after
    self.includesRemoved = includesRemoved
  }
}

extension ListFilter {
  /// Wide enough for its days.
  var range: RecordFilter {
    let days = LocalDay.instants(from: since?.day, to: until?.day)
    var range = RecordFilter(
      since: since?.moment?.milliseconds ?? days.since,
      until: until?.moment.map { $0.milliseconds + 1 } ?? days.until,
      limit: limit, includeRemoved: includesRemoved)
    range.onlyRemoved = isOfRemoved
    return range
  }

  private var keys: [FieldKey] {
    [site.map { _ in FieldKey.site }, tag.map { _ in FieldKey.tags }].compactMap(\.self)
  }

  /// Whether records of the kind have what is chosen by: others cannot be listed so.
  public func fits(_ type: RecordType) -> Bool {
    keys.allSatisfy { key in type.fields.contains { $0.key == key } }
  }

  func check(_ type: RecordType) throws(KitError) {
    for key in keys where !type.fields.contains(where: { $0.key == key }) {
      throw KitError(
        .usage, "\(type.plural) have no \(key.rawValue)",
        hint: "these have: "
          + RecordType.all.filter { !$0.isSingle && $0.fields.contains { $0.key == key } }.map(\.plural)
          .joined(separator: ", "))
    }
  }

  func isMet(by record: StoredRecord) -> Bool {
    if let site {
      guard record.text(.site).map({ bytewiseEqual($0, site.place) }) ?? false else { return false }
      let side = record.text(.side)
      if let wanted = site.side, side != wanted, side != "both" { return false }
    }
    return tag.map { tag in record.members(of: .tags).contains { bytewiseEqual($0.key, tag) } } ?? true
  }

  var choosesByContent: Bool { site != nil || tag != nil }

  var hasDays: Bool { since?.day != nil || until?.day != nil }

  func contains(_ day: LocalDay) -> Bool {
    (since?.day.map { $0 <= day } ?? true) && (until?.day.map { day <= $0 } ?? true)
  }
}

extension TimeBound {
  fileprivate var day: LocalDay? { if case .day(let day) = self { day } else { nil } }
  fileprivate var moment: Moment? { if case .moment(let moment) = self { moment } else { nil } }
}
