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
      Removed records and the hidden values of undecided conflicts are not exported. For other devices: sync export.
      """)
  @Argument(help: "csv, json, fhir or ics.", completion: .list(forms.words)) var form: String
  @Option(
    name: .shortAndLong, help: "The file, for csv the folder; default: standard output.",
    completion: .file())
  var output: String?
  @OptionGroup var globals: Globals

  private static let forms = WordList(
    name: "form of export", words: ["csv"] + ExportForm.allCases.map(\.rawValue))

  func perform(_ context: Context) throws {
    let form = try Self.forms.check(form)
    let journal = context.journal
    let line = ProgressLine()
    defer { line.close() }
    guard let document = ExportForm(rawValue: form) else { return try csv(journal, line) }
    func write(_ sink: (String) throws -> Void) throws -> Int {
      try journal.export(as: document, progress: { try line.report(records: $0) }, sink)
    }
    let count =
      if let output {
        try OutputFile.write(output) { try write($0.write) }
      } else {
        try write(StandardOutput.write)
      }
    line.close()
    if let output { Message.note("written \(output): \(counted(count, form == "ics" ? "event" : "record"))") }
  }

  /// A folder that is made for it, or nothing.
  private func csv(_ journal: Journal, _ line: ProgressLine) throws {
    guard let folder = output else {
      throw KitError(
        .usage, "csv is a folder of tables: name the folder", hint: "unknot export csv -o FOLDER")
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
