import ArgumentParser
import Foundation
import UnknotKit

struct Import: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take in records of an export, of another program, or of a table of your own.",
    discussion: """
      FILE: the JSON or CSV of unknot export (of csv, the folder), Loop Habit Tracker's CSV (Checkmarks.csv or its \
      folder), Track & Graph's CSV, or a table of your own; also in a zip. Known records are not imported again; \
      unknot undo takes back all of it.
      Without a map, unknot guesses what other programs' names mean and shows it; --yes imports it.
      A map has a line for each name: Back pain = pain low-back/left; Evening walk = factor walk; Ball = bout \
      ql/left:45s@wall; Water = skip.
      In a table of your own (--from csv) it says what each column is: Date = day; Time = time; Score = pain; Where = \
      site; Side = side; Remark = note; Walk = factor walk. Date and time in one column: at. Dates with slashes \
      need dates = day/month/year or dates = month/day/year.
      Files of your other devices: sync import.
      """)
  @Argument(help: "The file or folder.", completion: .file()) var file: String
  @Option(
    help: "Its form: auto, json, csv, loop or tng; with a map, csv is also a table of your own.",
    completion: .list(ImportForm.allCases.map(\.rawValue)))
  var from: String?
  @Option(help: "A file that says what names mean.", completion: .file()) var map: String?
  @Flag(help: "Import with the guessed meanings; without this, they are only shown first.")
  var yes = false
  @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
  @Flag(help: "Skip unreadable records; without this, one stops it.") var skipBad = false
  @Flag(help: "Take the file's values where they differ, except those edited here.") var update = false
  @Flag(help: "Bring back records of it that were removed here.") var restore = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    var options = ImportOptions()
    let forms = WordList(name: "form of import", words: ImportForm.allCases.map(\.rawValue))
    options.form = ImportForm(rawValue: try forms.check(from ?? "auto")) ?? .auto
    options.isDryRun = dryRun
    options.skipsBad = skipBad
    options.restores = restore
    options.acceptsGuesses = yes
    options.updates = update
    options.map = try map.map { path in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw KitError(.notFound, "there is no map \(path)")
      }
      guard let text = String(validating: data, as: UTF8.self) else {
        throw KitError(.invalidValue, "\(path) is not UTF-8")
      }
      return text
    }
    let line = ProgressLine()
    defer { line.close() }
    let result = try context.journal.importRecords(file, options) { try line.report(records: $0) }
    line.close()
    context.output.one(result.json) { show(result, context) }
    try tell(result)
  }

  /// What names become, with their first rows while nothing is taken, and how many records there are of what.
  private func show(_ result: RecordImportResult, _ context: Context) {
    let text = RecordText(context)
    let samples = Dictionary(result.samples.map { ($0.name, $0.records) }) { first, _ in first }
    if let form = result.form { context.output.line(form) }
    for name in result.names {
      context.output.line("\(name.name): \(name.meaning)\(name.isGuessed ? " (guessed)" : "")")
      guard result.isPreview || dryRun else { continue }
      for record in samples[name.name] ?? [] {
        let note = record[.note].text.map { ", note: \($0)" } ?? ""
        context.output.line("  \(text.describe(record))\(note)")
      }
    }
    guard result.isTaken || result.isPreview else { return }
    let added = result.added.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
    context.output.line(
      "\(result.isPreview ? "would be added" : "added"): \(added.isEmpty ? "nothing" : added)")
    if result.known > 0 { context.output.line("here already: \(result.known)") }
    if result.updated > 0 {
      context.output.line("\(result.isPreview ? "would be updated" : "updated"): \(result.updated)")
    }
    if result.differs > 0 { context.output.line("differs: \(result.differs)") }
    if result.restored > 0 {
      context.output.line(
        "\(result.isPreview ? "would be brought back" : "brought back"): \(result.restored)")
    }
    if result.isPreview, result.problemCount > 0 {
      context.output.line("cannot be read: \(result.problemCount)")
    }
  }

  private func tellDifferences(_ result: RecordImportResult) {
    for difference in result.differences {
      let values = [difference.here, difference.there].map { $0.isEmpty ? "nothing" : $0 }
      let outcome =
        switch difference.outcome {
        case .left: ""
        case .updated: result.isTaken && !dryRun ? " (updated)" : " (to be updated)"
        case .editedHere: " (edited here: it stays)"
        }
      Message.note(
        "\(difference.place): \(difference.field) of \(difference.shortID): "
          + "\(values[0]) → \(values[1])\(outcome)")
    }
    if result.differenceCount > result.differences.count {
      Message.note("and \(result.differenceCount - result.differences.count) more like these")
    }
    if result.differences.contains(where: { $0.outcome == .left && $0.field != "type" }), !update {
      Message.note("differing values stay as they are here; --update takes the file's")
    }
  }

  private func tell(_ result: RecordImportResult) throws {
    for problem in result.problems { Message.note("\(problem.place): \(problem.reason.words)") }
    if result.problemCount > result.problems.count {
      Message.note("and \(result.problemCount - result.problems.count) more like these")
    }
    tellDifferences(result)
    for line in result.unusedMapLines { Message.note(line) }
    for problem in result.contradictions {
      Message.note(
        "\(problem.place): \(problem.reason.words)" + (result.isTaken && !dryRun ? "; kept as it is" : ""))
    }
    for part in result.notTaken { Message.note("not taken: \(part)") }
    if result.removed > 0 {
      Message.note(
        "not imported, as removed here: \(counted(result.removed, "record")); --restore brings them back"
      )
    }
    if result.isPreview {
      return Message.note(
        "nothing was imported yet: some meanings are guessed; --yes imports them as shown; --map FILE changes them"
      )
    }
    guard result.isTaken else {
      throw KitError(
        .invalidValue,
        "\(counted(result.problemCount, "record")) of \(file) cannot be read: nothing imported",
        hint: "--skip-bad imports the others")
    }
    if dryRun { Message.note("this was a dry run: nothing was changed") }
  }
}
