import ArgumentParser
import Foundation
import UnknotKit

struct Export: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write everything for other programs: csv, json, fhir or ics.",
    discussion: """
      csv: a folder with a table for each kind of record. json: one file, described in Schema/records.schema.json; unknot \
      import reads both back. fhir: an HL7 FHIR R4 Bundle. ics: sessions as events of a calendar.
      What is visible is written: removed records and undecided values stay in the journal. For other devices: sync export.
      """)
  @Argument(help: "csv, json, fhir or ics.", completion: .list(forms.words)) var form: String
  @Option(
    name: .shortAndLong, help: "The file, of csv the folder; standard output if not said.",
    completion: .file())
  var output: String?
  @OptionGroup var globals: Globals

  private static let forms = WordList(name: "form of export", words: ["csv", "json", "fhir", "ics"])

  func perform(_ context: Context) throws {
    let form = try Self.forms.check(form)
    let journal = context.journal
    let line = ProgressLine()
    defer { line.close() }
    guard form != "csv" else { return try csv(journal, line) }
    let file = try output.map { try NewFile($0) }
    var count = 0
    func put(_ text: String) throws {
      try line.report(records: count)
      if let file { try file.append(text) } else { StandardOutput.write(text) }
    }
    do {
      switch form {
      case "json":
        try put(
          "{\"schema\":\"\(Journal.jsonSchemaName)\",\"exported_at\":\"\(journal.now.rfc3339)\",\"records\":["
        )
        try journal.export {
          try put((count == 0 ? "\n" : ",\n") + $0.json.compact)
          count += 1
        }
        try put("\n]}\n")
      case "fhir":
        var bundle = FHIRBundle(timestamp: journal.now)
        try put(bundle.head)
        try journal.export {
          try line.report(records: count)
          guard let entry = bundle.entry($0) else { return }
          try put(",\n" + entry)
          count += 1
        }
        try bundle.sessionEntries {
          try put(",\n" + $0)
          count += 1
        }
        try put(FHIRBundle.tail)
      default:
        try put(Calendar.head)
        try journal.export {
          guard let event = Calendar.event($0, stamp: journal.now) else { return }
          try put(event)
          count += 1
        }
        try put(Calendar.tail)
      }
      try file?.finish()
    } catch {
      file?.discard()
      throw error
    }
    line.close()
    if let output { Message.note("written \(output): \(counted(count, form == "ics" ? "event" : "record"))") }
  }

  /// A folder that is made for it, or nothing.
  private func csv(_ journal: Journal, _ line: ProgressLine) throws {
    guard let folder = output else {
      throw KitError(
        .usage, "csv is a folder of tables: it needs a place", hint: "unknot export csv -o FOLDER")
    }
    guard mkdir(folder, 0o700) == 0 else {
      let code = errno
      throw code == EEXIST
        ? KitError(
          .failed, "\(folder) exists already, and nothing is ever replaced",
          hint: "name another folder with -o")
        : KitError(.failed, "\(folder) cannot be made", cause: String(cString: strerror(code)))
    }
    var files: [NewFile] = []
    var count = 0
    do {
      try journal.export { type in
        try files.last?.finish()
        files.append(try NewFile("\(folder)/\(type.plural).csv"))
        try files.last?.append(CSVText.row(ExportedRecord.columns(type)))
      } _: {
        try line.report(records: count)
        try files.last?.append(CSVText.row($0.cells))
        count += 1
      }
      try files.last?.finish()
    } catch {
      for file in files { file.discard() }
      rmdir(folder)
      throw error
    }
    line.close()
    Message.note("written \(folder): \(counted(count, "record")) in \(counted(files.count, "table"))")
  }
}

struct Import: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take in records of an export, or of another program.",
    discussion: """
      FILE: the JSON or CSV of unknot export (of csv, the folder), Loop Habit Tracker's CSV (Checkmarks.csv or its \
      folder), Track & Graph's CSV. What is here already is not taken again; unknot undo takes back all of it.
      A map says what names of another program become, a line each: Back pain = pain low-back/left; Evening walk = \
      factor walk; Ball = bout ql/left:45s@wall; Water = skip.
      Files of your other devices: sync import.
      """)
  @Argument(help: "The file or folder.", completion: .file()) var file: String
  @Option(
    help: "Its form: auto, json, csv, loop or tng.", completion: .list(ImportForm.allCases.map(\.rawValue)))
  var from: String?
  @Option(help: "A file that says what names become.", completion: .file()) var map: String?
  @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
  @Flag(help: "Leave out what cannot be read; else nothing is taken.") var skipBad = false
  @Flag(help: "Bring back records of it that were removed here.") var restore = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    var options = ImportOptions()
    let forms = WordList(name: "form of import", words: ImportForm.allCases.map(\.rawValue))
    options.form = ImportForm(rawValue: try forms.check(from ?? "auto")) ?? .auto
    options.isDryRun = dryRun
    options.skipsBad = skipBad
    options.restores = restore
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
    context.output.one(result.json) {
      for line in result.mapping { context.output.line(line) }
      let added = result.added.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
      if result.isTaken {
        context.output.line("added: \(added.isEmpty ? "nothing" : added)")
        if result.known > 0 { context.output.line("here already: \(result.known)") }
        if result.restored > 0 { context.output.line("brought back: \(result.restored)") }
      }
    }
    for problem in result.problems { Message.note("\(problem.place): \(problem.reason)") }
    if result.problemCount > result.problems.count {
      Message.note("and \(result.problemCount - result.problems.count) more like these")
    }
    if result.removed > 0 {
      Message.note(
        "\(counted(result.removed, "record")) of it were removed here and stay so; --restore brings them back"
      )
    }
    guard result.isTaken else {
      throw KitError(
        .invalidValue,
        "\(counted(result.problemCount, "record")) of \(file) cannot be read, and nothing was taken",
        hint: "--skip-bad takes the others")
    }
    if dryRun { Message.note("this was a dry run: nothing was changed") }
  }
}
