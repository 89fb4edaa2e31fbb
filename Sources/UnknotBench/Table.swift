import Foundation

/// A figure, and where there is one, the reference that it is measured beside.
struct Row {
  let title: String
  let reference: String
  let bar: Double?
  /// Medians as people read them.
  let figure: String
  let referenceFigure: String
  /// Of the repetitions' ratios; nil where the figure itself is what counts.
  let ratio: Double?
  let spread: String

  /// Both in seconds, or bytes.
  init(
    _ title: String, ours: [Double], references: [Double], bar: Double?, reference: String, unit: String = "s"
  ) {
    let ratios = zip(ours, references).map { $0 / $1 }.sorted()
    self.title = title
    self.reference = reference
    self.bar = bar
    figure = Self.text(Self.median(ours), unit)
    referenceFigure = Self.text(Self.median(references), unit)
    ratio = Self.median(ratios)
    spread =
      ratios.count > 1
      ? String(format: "%.2f–%.2f", ratios.first ?? 0, ratios.last ?? 0) : ""
  }

  init(_ title: String, figures: [Double], bar: Double?, reference: String) {
    self.title = title
    self.reference = reference
    self.bar = bar
    figure = String(format: "%.1f", Self.median(figures))
    referenceFigure = ""
    ratio = nil
    spread = ""
  }

  private static func text(_ number: Double, _ unit: String) -> String {
    if unit == "s" {
      return number < 0.1 ? String(format: "%.1f ms", number * 1000) : String(format: "%.3f s", number)
    }
    return number > 1e5 ? String(format: "%.2f MB", number / 1e6) : String(format: "%.1f %@", number, unit)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted.count % 2 == 1
      ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
  }

  var markdown: String {
    let result = ratio.map { String(format: "**%.2f ×**", $0) } ?? "**\(figure)**"
    let bar = self.bar.map { ratio == nil ? String(format: "≤ %g", $0) : String(format: "≤ %g ×", $0) } ?? ""
    return
      "| \(title) | \(ratio == nil ? "" : figure) | \(reference) | \(referenceFigure) | \(result) | \(spread) | \(bar) |"
  }
}

struct Table {
  let repetitions: Int
  let records: Int
  private var rows: [Row] = []

  init(repetitions: Int, records: Int) {
    self.repetitions = repetitions
    self.records = records
  }

  mutating func add(_ more: [Row]) { rows += more }

  mutating func add(_ samples: Samples, _ mode: Mode) {
    let setting = mode == .wal ? "WAL, NORMAL" : "DELETE, EXTRA"
    func row(_ title: String, _ ours: String, _ reference: String, _ bar: Double, _ name: String) -> Row {
      Row(
        "\(title) (\(setting))", ours: samples[ours].seconds, references: samples[reference].seconds,
        bar: bar,
        reference: name)
    }
    rows += [
      row("write, 1,000 records an operation", "write", "log", 1.6, "bare table + record log"),
      row("full export", "export", "session export", 0.6, "session changeset"),
      row("import into an empty journal", "import", "session apply", 0.8, "session apply"),
      row(
        "20 % + 20 % edits exchanged, conflicts listed", "exchange", "session exchange", 1,
        "session, same steps"),
      row("the same file imported again", "again", "import", 0.05, "its first import"),
    ]
    guard mode == .delete else { return }
    let edits = Double((records + 4) / 5)
    rows += [
      Row(
        "full file, bytes a record", figures: samples["export"].bytes.map { $0 / Double(records) }, bar: 14.9,
        reference: "session + zstd 38, loro 44"),
      Row(
        "file of \(Int(edits)) one-field edits, bytes an edit",
        figures: samples["delta"].bytes.map { $0 / edits },
        bar: 0.65, reference: "session + zstd 19, loro 9"),
      Row(
        "journal on disk after the write", ours: samples["write"].bytes, references: samples["bare"].bytes,
        bar: 2.1, reference: "the bare table's file", unit: "B"),
      Row(
        "full export, sealed", ours: samples["sealed export"].seconds,
        references: samples["open export"].seconds, bar: nil, reference: "the same, open"),
      Row(
        "import into an empty journal, sealed", ours: samples["sealed import"].seconds,
        references: samples["open import"].seconds, bar: nil, reference: "the same, open"),
      Row(
        "full file, sealed", ours: samples["sealed export"].bytes, references: samples["open export"].bytes,
        bar: nil, reference: "the same, open", unit: "B"),
    ]
  }

  var markdown: String {
    ([
      "| what | engine | reference | reference takes | result | spread | bar |",
      "|---|---|---|---|---|---|---|",
    ]
      + rows.map(\.markdown)).joined(separator: "\n")
  }
}
