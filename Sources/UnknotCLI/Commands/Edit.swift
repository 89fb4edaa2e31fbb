import ArgumentParser
import UnknotKit

struct Edit: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Edit fields of a record.")
  @Argument(completion: Completions.ids) var id: String
  @Argument(
    help: "FIELD=VALUE; FIELD= sets it to empty. FIELD/KEY=VALUE for sets and maps.",
    completion: Completions.fields) var fields: [String] = []
  @Flag(help: "In the editor that VISUAL or EDITOR names.") var editor = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let text = RecordText(context)
    guard editor else {
      return text.written("changed", try context.journal.edit(id, fields))
    }
    guard fields.isEmpty else { throw KitError(.usage, "--editor takes no fields") }
    // What is imported while the editor is open stays concurrent with what is written in it.
    let form = try context.journal.form()
    let record = try context.journal.show(id)
    guard let type = RecordType.all.first(where: { $0.name == record.type }) else {
      throw KitError(
        .invalidValue, "records of type \(record.type) come from a newer program",
        hint: "install it to edit them")
    }
    let before = Editor.text(record, type)
    let written = try Editor.edit(before) { edited in
      let changes = try Editor.changes(from: before, to: edited)
      return changes.isEmpty ? nil : try context.journal.edit(record.id, changes, asOf: form)
    }
    guard let written = written ?? nil else { return Message.note("nothing to change") }
    text.written("changed", written)
  }
}
