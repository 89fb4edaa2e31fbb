import UnknotEngine

// Records as a program that embeds the core wants them: fields with Swift's types. Each is a view of a
// `JournalRecord`, nil where that is of another type or lacks what every record of the type has. Words are texts and
// not enumerations, since a newer program can have written one that this one does not know.

/// A set of bouts, done one after the other.
public struct Session: Sendable, Identifiable {
  public let id: String
  public let startedAt: Moment
  /// Nil where it was not over when it was logged.
  public let endedAt: Moment?
  /// "running", "done", "partial" or "abandoned"; nil of one that was not over when it was logged.
  public let status: String?
  /// The day that it belongs to, as days began when it was logged.
  public let localDay: LocalDay?
  /// The id of the routine that was done.
  public let routine: String?
  public let note: String?
  public let bouts: [Bout]

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.session.name), let startedAt = record["started_at"].moment
    else { return nil }
    id = record.id
    self.startedAt = startedAt
    endedAt = record["ended_at"].moment
    status = record["status"].text
    localDay = record["local_day"].day
    routine = record["routine"].reference
    note = record["note"].text
    bouts = record.children.compactMap { Bout($0) }
  }
}

/// One timed press on one target and side.
public struct Bout: Sendable, Identifiable {
  public let id: String
  /// The id of the session that it is part of.
  public let session: String?
  public let target: String
  public let side: String?
  public let surface: String?
  public let seconds: Int
  /// "done", "skipped" or "stopped"; nil of one that was logged by hand.
  public let outcome: String?
  /// The id of the tender spot that was pressed.
  public let spot: String?
  /// 0–10.
  public let discomfortStart: Int?
  public let discomfortPeak: Int?
  public let discomfortEnd: Int?
  /// The sites where it was felt, away from the pressed point.
  public let referredTo: [String]
  /// "none", "partial" or "full".
  public let release: String?
  public let note: String?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.bout.name), let target = record["target"].text,
      let seconds = record["seconds"].number
    else { return nil }
    id = record.id
    session = record["session"].reference
    self.target = target
    side = record["side"].text
    surface = record["surface"].text
    self.seconds = seconds
    outcome = record["outcome"].text
    spot = record["spot"].reference
    discomfortStart = record["discomfort_start"].number
    discomfortPeak = record["discomfort_peak"].number
    referredTo = record["referred_to"].keys
    discomfortEnd = record["discomfort_end"].number
    release = record["release"].text
    note = record["note"].text
  }
}

/// How much it hurt, where, and when.
public struct PainRating: Sendable, Identifiable {
  public let id: String
  public let at: Moment
  /// 0 (none) to 10 (worst imaginable); to 100 where `scale` is "vas100".
  public let score: Int
  public let scale: String?
  /// The day that it belongs to, as days began when it was recorded.
  public let localDay: LocalDay?
  public let site: String
  public let side: String?
  /// When, in relation to a session: "before", "after", …
  public let context: String?
  /// What it felt like, and what made it worse.
  public let quality: [String]
  public let aggravatedBy: [String]
  /// The id of the session that it was made around.
  public let session: String?
  public let note: String?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.pain.name), let at = record["at"].moment,
      let score = record["score"].number, let site = record["site"].text
    else { return nil }
    id = record.id
    self.at = at
    self.score = score
    scale = record["scale"].text
    localDay = record["local_day"].day
    self.site = site
    side = record["side"].text
    context = record["context"].text
    quality = record["quality"].keys
    aggravatedBy = record["aggravated_by"].keys
    session = record["session"].reference
    note = record["note"].text
  }
}

/// An ordered list of steps to go through.
public struct Routine: Sendable, Identifiable {
  public let id: String
  public let name: String
  public let note: String?
  public let isArchived: Bool
  public let steps: [Step]

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.routine.name), let name = record["name"].text else {
      return nil
    }
    id = record.id
    self.name = name
    note = record["note"].text
    isArchived = record["archived"].integer ?? 0 != 0
    steps = record.children.compactMap { Step($0) }
  }
}

/// What a routine says to do: a bout to come.
public struct Step: Sendable, Identifiable {
  public let id: String
  /// The id of the routine that it is part of.
  public let routine: String?
  public let target: String
  public let side: String?
  public let surface: String?
  public let seconds: Int
  public let note: String?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.step.name), let target = record["target"].text,
      let seconds = record["seconds"].number
    else { return nil }
    id = record.id
    routine = record["routine"].reference
    self.target = target
    side = record["side"].text
    surface = record["surface"].text
    self.seconds = seconds
    note = record["note"].text
  }
}

extension FieldValue {
  var number: Int? { integer.map { Int(clamping: $0) } }
}
