import Foundation
import UnknotKit

/// A record as a text that is edited in the person's own editor.
enum Editor {
  /// A line for each field; texts of several lines stand between lines of three quotation marks.
  static func text(_ record: JournalRecord, _ type: RecordType) -> String {
    var lines = [
      "# \(record.type) \(record.shortID): one line per field; nothing after = empties it.",
      "# Lines that begin with # are ignored. Save it unchanged to change nothing.",
    ]
    for field in type.fields where field.isEditable {
      if let help = help(field) { lines.append("# \(help)") }
      lines += block(field.name, record[field.key], field)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func block(_ name: String, _ value: FieldValue, _ field: FieldDescription) -> [String] {
    if case .map = field.kind {
      return value.entries.map { "\(name)/\($0.key) = \($0.text)" }
    }
    let text = plain(value, field)
    guard text.contains("\n") || text.hasPrefix("\"\"\"") else { return ["\(name) = \(text)"] }
    return ["\(name) = \"\"\""] + text.components(separatedBy: "\n") + ["\"\"\""]
  }

  /// As `edit` takes it.
  private static func plain(_ value: FieldValue, _ field: FieldDescription) -> String {
    if case .set = field.kind { return value.keys.joined(separator: ",") }
    if case .bool(let flag) = value.json { return flag ? "yes" : "no" }
    return value.isEmpty ? "" : value.json.plain
  }

  private static func help(_ field: FieldDescription) -> String? {
    switch field.kind {
    case .word(let list): list.words.joined(separator: ", ")
    case .set(let list):
      "words with commas between them" + (list.map { ": \($0.words.joined(separator: ", "))" } ?? "")
    case .duration: "in seconds"
    case .rating, .score: "0 to 10"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .flag: "yes or no"
    case .day: "a day, as 2026-05-14"
    case .clock: "a time of day, as 07:30"
    case .map: "\(field.name)/KEY = VALUE, a line for each"
    default: nil
    }
  }

  /// The assignments of what differs between two such texts.
  static func changes(from old: String, to new: String) throws(KitError) -> [String] {
    let before = try values(old)
    let after = try values(new)
    var changes: [String] = []
    for (name, value) in after where before.first(where: { $0.name == name })?.value != value {
      changes.append("\(name)=\(value)")
    }
    // A key of a map whose line is gone is taken away; a field's line that is gone says nothing.
    for (name, _) in before where name.contains("/") && !after.contains(where: { $0.name == name }) {
      changes.append("\(name)=")
    }
    return changes
  }

  private static func values(_ text: String) throws(KitError) -> [(name: String, value: String)] {
    var values: [(name: String, value: String)] = []
    var rest = text.components(separatedBy: "\n")[...]
    var number = 0
    while let line = rest.popFirst() {
      number += 1
      if line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) { continue }
      guard let sign = line.firstIndex(of: "=") else {
        throw KitError(.invalidValue, "line \(number) is not FIELD = VALUE: \(line)")
      }
      let name = line[..<sign].trimmingCharacters(in: .whitespaces)
      var value = line[line.index(after: sign)...].trimmingCharacters(in: .whitespaces)
      if value == "\"\"\"" {
        guard let end = rest.firstIndex(of: "\"\"\"") else {
          throw KitError(
            .invalidValue, "the text that begins at line \(number) has no end",
            hint: "end it with a line of three quotation marks")
        }
        value = rest[..<end].joined(separator: "\n")
        number += rest.distance(from: rest.startIndex, to: end) + 1
        rest = rest[rest.index(after: end)...]
      }
      guard !values.contains(where: { $0.name == name }) else {
        throw KitError(.invalidValue, "line \(number): \(name) is there twice")
      }
      values.append((name, value))
    }
    return values
  }

  /// Lets the person edit a text in a file that nobody else can read; nil where nothing was changed.
  ///
  /// - Parameter use: what is done with it. Where that fails, the file stays, so that nothing typed is lost.
  static func edit<T>(_ text: String, _ use: (String) throws -> T) throws -> T? {
    guard let editor = try Variable.value("VISUAL") ?? Variable.value("EDITOR") else {
      throw KitError(.usage, "no editor is set", hint: "set VISUAL or EDITOR, or write FIELD=VALUE")
    }
    let folder = (try Variable.value("TMPDIR")) ?? "/tmp"
    let path = "\(folder)/unknot-\(UUID().uuidString.lowercased()).txt"
    let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw KitError(.failed, "\(path) could not be made", cause: String(cString: strerror(errno)))
    }
    let failed = Descriptor.write(text, to: descriptor)
    close(descriptor)
    guard failed == 0 else {
      unlink(path)
      throw KitError(.failed, "\(path) could not be written", cause: String(cString: strerror(failed)))
    }
    // By the shell, since the variable may hold arguments; the path is handed on as it is.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\(editor) \"$1\"", "sh", path]
    do {
      try process.run()
    } catch {
      unlink(path)
      throw KitError(.failed, "the editor could not be started", cause: "\(error)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0, process.terminationReason == .exit else {
      unlink(path)
      throw KitError(
        .failed, "the editor ended with status \(process.terminationStatus): nothing was changed")
    }
    guard let data = FileManager.default.contents(atPath: path),
      let edited = String(validating: data, as: UTF8.self)
    else { throw KitError(.invalidValue, "what was saved is not UTF-8", hint: "it is in \(path)") }
    if edited == text {
      unlink(path)
      return nil
    }
    do {
      let result = try use(edited)
      unlink(path)
      return result
    } catch let error as KitError {
      let hint: Advice = error.hint.map { "\($0); " } ?? ""
      throw KitError(
        error.kind, error.message, cause: error.cause, hint: "\(hint)what you wrote is in \(path)")
    }
  }
}
