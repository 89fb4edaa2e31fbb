import Testing
import UnknotCausality

@testable import UnknotKit

/// The rules by which ratings, days and episodes are taken together, each against the slow way of saying the same.
@Suite struct FigureRuleTests {
  private static let minute: Int64 = 60_000

  private func dot(_ number: Int64) -> Dot {
    guard let actor = ActorID([UInt8](repeating: 2, count: 16)) else { preconditionFailure("16 bytes") }
    return Dot(actor, UInt64(number + 1))
  }

  private func rating(_ minute: Int64, _ score: Int, _ context: String? = nil, late: Bool = false)
    -> PainPoint
  {
    PainPoint(
      id: dot(minute), time: minute * Self.minute, day: LocalDay(number: Int(minute / 1440)), score: score,
      side: nil,
      context: context, session: nil, isBackfilled: late, isApproximate: false, recordedAt: 0)
  }

  private func session(_ start: Int64, _ end: Int64?, status: String? = "done") throws -> SessionPoint {
    let actor = try #require(ActorID([UInt8](repeating: 1, count: 16)))
    return SessionPoint(
      id: Dot(actor, UInt64(start + 1)), start: start * Self.minute, end: end.map { $0 * Self.minute },
      day: LocalDay(number: Int(start / 1440)), status: status, adverse: nil,
      isBackfilled: false, recordedAt: 0)
  }

  private func checkIn(_ day: Int, _ value: Double) -> DailyValue {
    DailyValue(day: LocalDay(number: day), value: value, isCheckIn: true, isBackfilled: false, ratings: 1)
  }

  // MARK: Pairs without a session

  /// Neighbours within twelve hours, and no session between them or within half an hour of either.
  @Test(arguments: 0..<60) func pairsWithoutASessionAreFarFromAny(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    var ratings: [PainPoint] = []
    var sessions: [SessionPoint] = []
    var minute: Int64 = 0
    for _ in 0..<60 {
      minute += Int64.random(in: 5...300, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: sessions.append(try session(minute, minute + Int64.random(in: 1...40, using: &random)))
      case 1: sessions.append(try session(minute, nil))
      case 2: ratings.append(rating(minute, Int.random(in: 0...10, using: &random), "before"))
      case 3: ratings.append(rating(minute, Int.random(in: 0...10, using: &random), late: true))
      default: ratings.append(rating(minute, Int.random(in: 0...10, using: &random)))
      }
    }
    let free = ratings.filter { $0.context == nil && !$0.isBackfilled }
    let fitting = zip(free, free.dropFirst()).filter { before, after in
      let near = (before.time - 30 * Self.minute)...(after.time + 30 * Self.minute)
      return after.time - before.time <= 720 * Self.minute
        && !sessions.contains { near.overlaps($0.start...($0.end ?? $0.start)) }
    }.map {
      RatingPair(
        before: Double($0.score), after: Double($1.score), gap: Double(($1.time - $0.time) / Self.minute))
    }
    let pairs = EffectFigures.pairsWithout(ratings, sessions)
    #expect(Set(pairs).isSubset(of: fitting))
    #expect(pairs.isEmpty == fitting.isEmpty)
  }

  @Test func noRatingIsInTwoControls() {
    let ratings = [rating(0, 5), rating(60, 4), rating(120, 3), rating(180, 2), rating(240, 1)]
    #expect(EffectFigures.pairsWithout(ratings, []).map(\.before) == [5, 3])
  }

  /// Of ratings of two sides, each is followed by the next of its own.
  @Test func aSessionBetweenIsSeenOnEitherSide() throws {
    func rating(_ minute: Int64, _ score: Int, _ side: String) -> PainPoint {
      PainPoint(
        id: dot(minute), time: minute * Self.minute, day: LocalDay(number: 0), score: score, side: side,
        context: nil,
        session: nil, isBackfilled: false, isApproximate: false, recordedAt: 0)
    }
    let ratings = [
      rating(0, 7, "left"), rating(120, 5, "right"), rating(180, 4, "right"), rating(240, 2, "left"),
    ]
    let pairs = EffectFigures.pairsWithout(ratings, [try session(60, 65)])
    #expect(pairs.map(\.before) == [5] && pairs.map(\.after) == [4])
  }

  // MARK: Mornings

  @Test func aMorningIsAfterTheDayBefore() throws {
    // A session on each even day, one that was broken off on each odd one.
    let sessions = try (100..<114).map { day in
      try session(Int64(day) * 1440, nil, status: day.isMultiple(of: 2) ? "done" : "abandoned")
    }
    let mornings = (101..<115).map { checkIn($0, $0.isMultiple(of: 2) ? 6 : 2) }
    let found = try #require(EffectFigures.carryOver(mornings, sessions))
    #expect(found.withSession == 2 && found.without == 6)
    #expect(found.withSessionDays == 7 && found.withoutDays == 7)
    // Fewer than six of either kind tell nothing.
    #expect(EffectFigures.carryOver(Array(mornings.prefix(10)), sessions) == nil)
  }

  // MARK: Episodes

  @Test(arguments: 0..<200) func calmAgainstBruteForce(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let onset = 20_000
    var values: [Int: Double] = [:]
    for day in onset..<onset + 40 where Int.random(in: 0..<4, using: &random) > 0 {
      values[day] = Double.random(in: 0...1, using: &random) < 0.15 ? 4 : 1
    }
    guard let last = values.keys.max() else { return }
    let calm = values.keys.sorted().first { day in
      let week = (day..<day + 7).compactMap { values[$0] }
      return week.count >= 4 && week.allSatisfy { $0 <= 1 } && day + 6 <= last
    }
    let days = values.sorted { $0.key < $1.key }.map { checkIn($0.key, $0.value) }
    #expect(days.daysToCalm(from: LocalDay(number: onset)) == calm.map { $0 - onset })
  }
}
