import ArgumentParser
import UnknotKit

extension Sync {
  struct Export: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write what other devices may lack into a file.")
    @Option(name: [.short, .customLong("output")], help: "The file; it must not exist yet.") var output:
      String?
    @Option(name: .customLong("for"), help: "The device that it is for.", completion: Completions.devices)
    var receiver: String?
    @Flag(help: "Everything, as for a new device.") var full = false
    @OptionGroup var globals: Globals

    func validate() throws {
      guard output.map({ !$0.utf8.elementsEqual("-".utf8) }) ?? true else {
        throw ValidationError("a changeset is not written to standard output: name a file")
      }
    }

    func perform(_ context: Context) throws {
      let line = ProgressLine()
      defer { line.close() }
      let result = try context.journal.export(
        to: output, folder: ".", for: receiver, full: full, progress: line.report)
      line.close()
      context.output.one(result.json) {
        if let file = result.file { context.output.line(file) }
      }
      Message.note(
        result.file == nil
          ? "nothing to send: no file was written"
          : result.changes == 0
            ? "no changes: it tells what this device holds, \(counted(result.bytes, "byte"))"
            : "\(counted(result.changes, "change")), \(counted(result.bytes, "byte"))")
    }
  }
}
