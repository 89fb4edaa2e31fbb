import UnknotEngine

/// What a trial on oneself showed.
public struct TrialFigures: Sendable {
  /// Some days of one arm, as they were drawn when the trial was planned.
  public struct Block: Sendable {
    /// The first and the last day.
    public let days: ClosedRange<LocalDay>
    /// The name of its arm: one of the trial's two.
    public let arm: String
    /// Values that its mean is made of.
    public let count: Int
    /// Mean, in points, of changes within sessions or of next days' values, as `outcome` says; nil: it has none.
    public let mean: Double?
  }

  /// The plan's short id.
  public let plan: String
  /// The names of the first and the second arm: "wall" and "floor".
  public let arms: (String, String)
  /// "change" or "next-day".
  public let outcome: String
  /// The number that the order of the blocks was drawn from; 0 where the plan has none.
  public let seed: Int
  /// In the order of time, also those to come.
  public let blocks: [Block]
  /// Of blocks that are over and have a value; nil where an arm has none.
  public let test: PermutationTest?
  /// Of both arms, how many of the blocks are over and have a value.
  public let usable: (Int, Int)
  /// The last day of the last block is past; true without any block.
  public var isOver: Bool { blocks.last.map { $0.days.upperBound < today } ?? true }
  /// The person's local day on which this was computed.
  public let today: LocalDay

  /// Fewer blocks of an arm can show nothing.
  public static let fewestBlocks = 4
}

extension Journal {
  /// The trial that began last; nil without any.
  public func trial(_ range: FigureRange) throws(KitError) -> TrialFigures? {
    try read { session in
      let today = try session.today().day
      let fields = PlanTerms.fields.union([.kind, .armA, .armB, .outcome, .seed])
      let found = try session.records(.plan, fields: fields).compactMap { record in
        record[.kind] == .text("trial") ? PlanTerms(record).map { (record, $0) } : nil
      }.max { ($0.1.from, $0.1.id) < ($1.1.from, $1.1.id) }
      guard let (record, terms) = found, case .text(let first) = record[.armA],
        case .text(let second) = record[.armB], let last = terms.until, !terms.blocks.isEmpty
      else { return nil }
      var outcome = "change"
      if case .text(let text) = record[.outcome] { outcome = text }
      let values = try session.trialValues(
        outcome, FigureRange(since: terms.from.adding(-1), until: last.adding(1), site: range.site))
      var blocks: [TrialFigures.Block] = []
      for (index, block) in terms.blocks.enumerated() where block.from <= last {
        let end = index + 1 < terms.blocks.count ? terms.blocks[index + 1].from.adding(-1) : last
        guard block.from <= end else { continue }
        let own = values.filter { (block.from...end).contains($0.day) }.map(\.value)
        blocks.append(
          TrialFigures.Block(
            days: block.from...end, arm: block.arm, count: own.count, mean: Summary.mean(own)))
      }
      func means(_ arm: String) -> [Double] {
        blocks.filter { bytewiseEqual($0.arm, arm) && $0.days.upperBound < today }.compactMap(\.mean)
      }
      var seed = 0
      if case .integer(let number) = record[.seed] { seed = Int(clamping: number) }
      return TrialFigures(
        plan: session.shortID(record.id), arms: (first, second), outcome: outcome, seed: seed, blocks: blocks,
        test: PermutationTest(means(first), means(second)), usable: (means(first).count, means(second).count),
        today: today)
    }
  }
}

extension JournalTransaction {
  /// Of each day: the changes within its sessions, or the next morning's rating.
  fileprivate func trialValues(
    _ outcome: String, _ range: FigureRange
  ) throws -> [(day: LocalDay, value: Double)] {
    var ratings: [PainPoint] = []
    try eachRating(range) { ratings.append($0) }
    if bytewiseEqual(outcome, "change") {
      return EffectFigures.pairs(ratings, try sessionPoints(range)).live.map {
        ($0.pair.day, Double($0.pair.change))
      }
    }
    var daily = DailyValues()
    for rating in ratings { daily.add(rating) }
    return daily.all.map { ($0.day.adding(-1), $0.value) }
  }
}
