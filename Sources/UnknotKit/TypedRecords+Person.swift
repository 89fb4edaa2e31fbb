import UnknotEngine

/// A point that was found once and is known for the next time.
public struct Spot: Sendable, Identifiable {
  public let id: String
  public let target: String
  public let side: String?
  public let label: String?
  /// "active", "quiet" or "retired".
  public let state: String?
  /// The sites where pressing it is felt.
  public let feltIn: [String]

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.spot.name), let target = record["target"].text else {
      return nil
    }
    id = record.id
    self.target = target
    side = record["side"].text
    label = record["label"].text
    state = record["state"].text
    feltIn = record["felt_in"].keys
  }
}

public struct Ball: Sendable, Identifiable {
  public let id: String
  public let name: String
  public let kind: String?
  public let isOnRope: Bool
  /// Nil while it is there.
  public let retired: LocalDay?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.ball.name), let name = record["name"].text else { return nil }
    id = record.id
    self.name = name
    kind = record["kind"].text
    isOnRope = record["on_rope"].isTrue
    retired = record["retired"].day
  }
}

/// A spell of back pain.
public struct Episode: Sendable, Identifiable {
  public let id: String
  public let site: String
  public let side: String?
  public let onset: Moment
  /// Nil while it is open.
  public let endedAt: Moment?
  public let trigger: String?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.episode.name), let site = record["site"].text,
      let onset = record["onset"].moment
    else { return nil }
    id = record.id
    self.site = site
    side = record["side"].text
    self.onset = onset
    endedAt = record["ended_at"].moment
    trigger = record["trigger"].text
  }
}

/// Something else that may help or hurt: a walk, heat, a painkiller.
public struct Factor: Sendable, Identifiable {
  public let id: String
  public let at: Moment
  public let kind: String
  /// Digits with at most one point.
  public let amount: String?
  public let unit: String?
  public let label: String?

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.factor.name), let at = record["at"].moment,
      let kind = record["kind"].text
    else { return nil }
    id = record.id
    self.at = at
    self.kind = kind
    amount = record["amount"].text
    unit = record["unit"].text
    label = record["label"].text
  }
}

/// A week's PEG: three ratings, 0–10 each.
public struct PEGAssessment: Sendable, Identifiable {
  public let id: String
  public let at: Moment
  public let pain: Int
  public let enjoyment: Int
  public let activity: Int

  public init?(_ record: JournalRecord) {
    guard bytewiseEqual(record.type, RecordType.assessment.name), record["kind"].text == "peg",
      let at = record["at"].moment, let pain = record["pain"].number,
      let enjoyment = record["enjoyment"].number, let activity = record["activity"].number
    else { return nil }
    id = record.id
    self.at = at
    self.pain = pain
    self.enjoyment = enjoyment
    self.activity = activity
  }
}
