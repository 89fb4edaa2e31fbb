/// What a report is about.
public struct FigureRange: Sendable, Hashable {
  /// Local days; nil: from the first, to the last.
  public var since: LocalDay?
  /// The last day, included; nil: there is no end.
  public var until: LocalDay?
  /// Which ratings and episodes are looked at. Sessions, bouts, slots and factors are of every site.
  public var site: String

  /// All days of the low back where nothing else is said.
  public init(since: LocalDay? = nil, until: LocalDay? = nil, site: String = Catalogue.defaultSite) {
    self.since = since
    self.until = until
    self.site = site
  }

  func contains(_ day: LocalDay) -> Bool {
    (since.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
  }

  var instants: (since: Int64?, until: Int64?) { LocalDay.instants(from: since, to: until) }
}
