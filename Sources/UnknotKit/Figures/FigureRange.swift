/// What a report is about.
public struct FigureRange: Sendable, Hashable {
  /// Local days; nil: from the first, to the last.
  public var since: LocalDay?
  /// The last day, included; nil: there is no end.
  public var until: LocalDay?
  /// Which ratings and episodes are looked at. Sessions, bouts, slots and factors are of every site.
  public var site: String

  /// - Parameters:
  ///   - since: the first day; nil: from the first that is recorded.
  ///   - until: the last day, included; nil: there is no end.
  ///   - site: a word of `Catalogue.sites`. Where nobody has chosen one, ask `Journal.figureRange`.
  public init(since: LocalDay? = nil, until: LocalDay? = nil, site: String) {
    self.since = since
    self.until = until
    self.site = site
  }

  func contains(_ day: LocalDay) -> Bool {
    (since.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
  }

  var instants: (since: Int64?, until: Int64?) { LocalDay.instants(from: since, to: until) }
}

extension Journal {
  /// What figures are asked for, where the person may not have chosen a place.
  ///
  /// - Parameters:
  ///   - since: the first day; nil: from the first that is recorded.
  ///   - until: the last day, included; nil: there is no end.
  ///   - site: as a person writes a word of `Catalogue.sites`; nil: where the person's pain usually is.
  /// - Throws: `KitError` of the kind `invalidValue` where the word is not known.
  public func figureRange(
    since: LocalDay? = nil, until: LocalDay? = nil, site: String? = nil
  ) throws(KitError) -> FigureRange {
    guard let site else {
      return FigureRange(since: since, until: until, site: try profile().usualPlace.place)
    }
    return FigureRange(since: since, until: until, site: try Catalogue.sites.check(site))
  }
}
