import ArgumentParser
import Foundation
import UnknotKit
import UnknotPlatform

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
    let count =
      if let output {
        try OutputFile.write(output) { try write(form, journal, line, $0.write) }
      } else {
        try write(form, journal, line, StandardOutput.write)
      }
    line.close()
    if let output { Message.note("written \(output): \(counted(count, form == "ics" ? "event" : "record"))") }
  }

  /// - Returns: how many records were written.
  private func write(
    _ form: String, _ journal: Journal, _ line: ProgressLine, _ sink: (String) throws -> Void
  ) throws -> Int {
    var count = 0
    func put(_ text: String) throws {
      try line.report(records: count)
      try sink(text)
    }
    switch form {
    case "json":
      try put(
        "{\"schema\":\"\(Journal.jsonSchemaName)\",\"exported_at\":\"\(journal.now.rfc3339)\",\"records\":["
      )
      try journal.export {
        try put(count == 0 ? "\n" : ",\n")
        try $0.json.writeCompact(put)
        count += 1
      }
      try put("\n]}\n")
    case "fhir":
      let bundle = FHIRBundle(timestamp: journal.now)
      try put(bundle.head)
      try journal.export(withBouts: true) {
        guard let entry = bundle.entry($0) else { return }
        try put(",\n")
        try put(entry)
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
    return count
  }

  /// A folder that is made for it, or nothing.
  private func csv(_ journal: Journal, _ line: ProgressLine) throws {
    guard let folder = output else {
      throw KitError(
        .usage, "csv is a folder of tables: it needs a place", hint: "unknot export csv -o FOLDER")
    }
    var tables = 0
    var count = 0
    try OutputFile.writeFolder(folder) { next in
      var file: OutputFile?
      try journal.export { type in
        file = try next("\(type.plural).csv")
        tables += 1
        try file?.write(CSVText.row(ExportedRecord.columns(type)))
      } _: {
        try line.report(records: count)
        try file?.write(CSVText.row($0.cells))
        count += 1
      }
    }
    line.close()
    Message.note("written \(folder): \(counted(count, "record")) in \(counted(tables, "table"))")
  }
}
