import ArgumentParser
import Foundation
import UnknotKit

/// What a command works with: the journal, and where its output goes.
struct Context {
  let journal: Journal
  let output: Output

  init(_ globals: Globals, deviceName: String? = nil, replacing: Bool = false) throws {
    output = Output(globals)
    journal = try Self.open(try Self.path(globals.journal), deviceName: deviceName, replacing: replacing)
    if let kept = journal.keptAsItWas {
      Message.note(
        "the journal was converted for this program; the old one is kept as \(kept) until you remove it")
    }
  }

  /// What somebody said with `--at`, and how exactly; nil: nothing was said, and it is now. Where a day can have been meant in
  /// another way, it says which one was taken.
  func time(_ text: String?) throws(KitError) -> (moment: Moment, precision: String)? {
    guard let text else { return nil }
    let times = try journal.times
    let moment = try times.moment(text)
    if let reading = times.readingAtNight(of: text) { Message.note("note: \(reading)") }
    return (moment, times.precision(text))
  }

  /// Says what a write has found about the journal.
  func tellNotices() throws(KitError) {
    for notice in try journal.notices { Message.tell(notice) }
  }

  static func open(
    _ path: String, deviceName: String? = nil, replacing: Bool = false
  ) throws(KitError) -> Journal {
    try Journal(
      path: path, deviceName: deviceName ?? hostName, environment: Program.environment, zone: .current,
      stateFolder: try stateFolder(), replacing: replacing)
  }

  static func path(_ option: String?) throws(KitError) -> String {
    if let option {
      guard !option.isEmpty else { throw KitError(.usage, "--journal needs a file") }
      return option
    }
    if let path = try Variable.value("UNKNOT_JOURNAL") { return path }
    if let data = try Variable.value("XDG_DATA_HOME"), data.hasPrefix("/") {
      return data + "/unknot/journal.sqlite"
    }
    guard let home = try Variable.value("HOME") else {
      throw KitError(
        .usage, "there is no home folder to keep the journal in", hint: "name a file with --journal")
    }
    return home + "/.local/share/unknot/journal.sqlite"
  }

  /// A journal that is not there is none to look at or to copy: its name may be mistyped.
  static func expectJournal(_ globals: Globals) throws(KitError) {
    let path = try path(globals.journal)
    guard access(path, F_OK) == 0 else {
      throw KitError(.journalMissing, "there is no journal at \(path)", hint: "--journal names another file")
    }
  }

  /// Apart from the journal, so that who copies or restores the one does not take the other along.
  static func stateFolder() throws(KitError) -> String {
    if let state = try Variable.value("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/unknot" }
    guard let home = try Variable.value("HOME") else {
      throw KitError(
        .usage, "there is no home folder for this device's notes",
        hint: "set HOME or XDG_STATE_HOME to their usual values on this computer")
    }
    return home + "/.local/state/unknot"
  }

  /// The first label of the host's name: what a device is called until it is named.
  static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "device" }
    let label = buffer.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: ".")) }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: label.filter { (0x21...0x7e).contains($0) }.prefix(60), as: UTF8.self)
    return name.isEmpty ? "device" : name
  }
}

/// The environment's variables.
enum Variable {
  /// A terminal that cannot move its cursor.
  static var isDumb: Bool { ((try? value("TERM")) ?? nil).map { $0 == "dumb" } ?? true }

  /// Where files lie that nobody is to see.
  static var temporaryFolder: String {
    get throws(KitError) {
      if let folder = try value("TMPDIR"), folder.hasPrefix("/") { return folder }
      return "/tmp"
    }
  }

  /// nil where it is not set or empty; text that is not UTF-8 is refused, never repaired.
  static func value(_ name: String) throws(KitError) -> String? {
    guard let pointer = getenv(name), pointer.pointee != 0 else { return nil }
    guard let text = String(validatingCString: pointer) else {
      throw KitError(.invalidValue, "the variable \(name) is not UTF-8")
    }
    return text
  }
}
