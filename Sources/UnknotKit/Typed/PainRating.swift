/// How much it hurt, where, and when.
public struct PainRating: TypedRecord {
  /// It shows records of the type `pain`.
  public static var type: RecordType { .pain }

  /// In full: stable for ever.
  public let id: String
  /// The instant that is rated.
  public var at: Moment
  /// 0 (none) to 10 (worst imaginable); to 100 where `scale` is "vas100".
  public var score: Int
  /// "nrs11" or "vas100"; nil: 0–10.
  public var scale: String?
  /// The day that it belongs to, as days began when it was recorded.
  public let localDay: LocalDay?
  /// How exactly its time is known: "exact", "approx" or "day"; nil: it was not said.
  public let precision: String?
  /// A word of `Catalogue.sites`.
  public var site: String
  /// A word of `Catalogue.sides`.
  public var side: String?
  /// Which pain: now, or the average, the worst or the least of the last 24 hours. A word of `Words.aspects`; nil: now.
  public var aspect: String?
  /// When, in relation to a session: "before", "after", …
  public var context: String?
  /// What it felt like: words of `Words.qualities`.
  public var quality: [String]
  /// What made it worse: words of `Words.aggravations`.
  public var aggravatedBy: [String]
  /// The id of the session that it was made around.
  public let session: String?
  /// The id of the episode that it falls into.
  public var episode: String?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its time, score or site.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let at = record[.at].moment, let score = record[.score].number,
      let site = record[.site].text
    else { return nil }
    id = record.id
    self.at = at
    self.score = score
    scale = record[.scale].text
    localDay = record[.localDay].day
    precision = record[.precision].text
    self.site = site
    side = record[.side].text
    aspect = record[.aspect].text
    context = record[.context].text
    quality = record[.quality].keys
    aggravatedBy = record[.aggravatedBy].keys
    session = record[.session].reference
    episode = record[.episode].reference
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [
        .scale: scale, .site: site, .side: side, .aspect: aspect, .context: context, .episode: episode,
        .note: note,
      ],
      numbers: [.score: score], moments: [.at: at])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.quality: quality, .aggravatedBy: aggravatedBy, .tags: tags] }
}

/// A week's PEG: three ratings, 0–10 each.
public struct PEGAssessment: TypedRecord {
  /// It shows records of the type `assessment`, as far as they are a PEG.
  public static var type: RecordType { .assessment }

  /// In full: stable for ever.
  public let id: String
  /// When it was answered.
  public var at: Moment
  /// The last day of the week that it is about.
  public var periodEnd: LocalDay?
  /// Pain on average, 0–10.
  public var pain: Int
  /// How much it got in the way of enjoying life, 0–10.
  public var enjoyment: Int
  /// How much it got in the way of doing things, 0–10.
  public var activity: Int
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its time or one of its ratings, or is no PEG.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), record[.kind].text.map({ bytewiseEqual($0, "peg") }) ?? false,
      let at = record[.at].moment, let pain = record[.pain].number,
      let enjoyment = record[.enjoyment].number, let activity = record[.activity].number
    else { return nil }
    id = record.id
    self.at = at
    periodEnd = record[.periodEnd].day
    self.pain = pain
    self.enjoyment = enjoyment
    self.activity = activity
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [.note: note], numbers: [.pain: pain, .enjoyment: enjoyment, .activity: activity],
      moments: [.at: at], days: [.periodEnd: periodEnd])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}
