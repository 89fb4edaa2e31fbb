public import UnknotKit

extension Report {
  /// A trial on oneself; nil figures: there is none.
  public static func trial(_ figures: TrialFigures?) -> Report {
    guard let figures, let first = figures.blocks.first, let last = figures.blocks.last else {
      return Report(
        "Trial", scope: "n = 0 blocks",
        [
          .paragraph(
            "No trial is planned. A trial compares two ways of pressing, such as wall and floor, in blocks of days drawn once at random: "
              + "chance, not the day's pain, decides the order.")
        ], json: .object([("report", .string("trial")), ("plan", .null)]))
    }
    let days = first.days.lowerBound...max(first.days.lowerBound, last.days.upperBound)
    var blocks: [Block] = [.paragraph(figures.sentence)]
    // Before its end there is nothing to look at: who stops when it looks good bends it.
    if let test = figures.result {
      var rows = [
        ["difference, \(figures.arms.1) minus \(figures.arms.0)", Number.signed(test.difference, 2)],
        ["p, two-sided", Number.text(test.p, 3)],
        ["ways to draw the blocks", "\(test.assignments)"],
      ]
      if let interval = test.interval {
        rows.append(["95 % interval", "\(Number.range(interval))"])
      }
      blocks.append(.facts(rows.map { ($0[0], $0[1]) }))
    }
    blocks.append(
      .table(
        columns: [
          Table.Column("block"), Table.Column("days"), Table.Column("arm"), Table.Column("values"),
          Table.Column("mean"),
        ],
        rows: figures.blocks.enumerated().map { index, block in
          [
            "\(index + 1)", span(block.days), block.arm, "\(block.count)",
            block.days.lowerBound > figures.today ? "to come" : block.mean.map { Number.text($0) } ?? "–",
          ]
        }))
    blocks.append(
      .note(
        "An exact permutation test over all ways in which the blocks could have been drawn (seed \(figures.seed)). With 4 blocks of each arm "
          + "no p is below 0.029. Look at a trial once, at its end: if you look often, you find something by chance."
      ))
    return Report(
      "Trial: \(figures.arms.0) or \(figures.arms.1)",
      scope:
        "n = \(counted(figures.usable.0 + figures.usable.1, "block")) with values of \(figures.blocks.count), \(span(days))",
      blocks, json: figures.json)
  }
}

extension TrialFigures {
  /// The test, once it may be looked at.
  fileprivate var result: PermutationTest? { isOver ? test : nil }

  fileprivate var sentence: String {
    let what = outcome == "change" ? "the change within sessions" : "pain on the next morning"
    var text = "It compares \(what), by block."
    if !isOver {
      text +=
        " It is not over yet. The result comes at the end: stopping when it looks good would bias it."
    }
    guard isOver else { return text }
    guard let test else { return text + " An arm has no block with values." }
    guard min(usable.0, usable.1) >= Self.fewestBlocks else {
      return text
        + " Only \(usable.0) and \(usable.1) blocks have values: with fewer than \(Self.fewestBlocks) of each nothing can be told from chance."
    }
    if test.p <= 0.05 {
      return text
        + " Under \(arms.1) it was \(Number.text(abs(test.difference), 2)) \(test.difference < 0 ? "lower" : "higher") than under \(arms.0), "
        + "more than chance alone gives in 95 of 100 draws."
    }
    return text + " No difference that could be told from chance."
  }

  fileprivate var json: JSONValue {
    .object([
      ("report", .string("trial")), ("plan", .string(plan)),
      ("arms", .array([.string(arms.0), .string(arms.1)])), ("outcome", .string(outcome)),
      ("seed", .integer(Int64(seed))), ("over", .bool(isOver)),
      ("difference", Number.json(result?.difference)), ("p", Number.json(result?.p)),
      ("assignments", result.map { .integer(Int64($0.assignments)) } ?? .null),
      ("interval", UnknotReport.json(result?.interval)),
      (
        "blocks",
        .array(
          blocks.map {
            .object([
              ("range", UnknotReport.json($0.days)), ("arm", .string($0.arm)),
              ("values", .integer(Int64($0.count))), ("mean", Number.json($0.mean)),
            ])
          })
      ),
    ])
  }
}
