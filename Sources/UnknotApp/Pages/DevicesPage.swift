import Foundation
import UnknotKit

/// The other devices: a folder that something carries, files by hand, and how far each one is.
enum DevicesPage {
  static func page(_ desk: Desk) throws -> Page {
    let journal = desk.journal
    let folder = try journal.folder()
    let devices = try journal.devices()
    let others = try journal.otherDevices()
    let keys = try journal.keyState()
    return Page(
      "Devices", here: .more,
      """
      <section><h2>Devices of this journal</h2><ul>\(devices.html { device in
        """
        <li>\(device.name)\(device.isThis ? " (this one)" : "")\(device.isRetired ? ", not waited for" : "")\
        \(device.isThis ? .nothing : Parts.button(device.isRetired ? "It is back" : "Do not wait for it", to: "/devices/retire", [("device", device.name), ("back", device.isRetired ? "yes" : "")], about: device.name))</li>
        """ as HTML
      })</ul>\(others.isEmpty ? "" : "<p class=\"soft\">\(OtherDevice.line(others))</p>" as HTML)</section>
      <form method="post" action="/devices/rename">\(Parts.input("name", "This device is called", value: try journal.deviceName(), isRequired: true))<button>Rename</button></form>
      <section><h2>A shared folder</h2>
      \(folder.map { folder in
        """
        <p>\(folder)\(keys.isSealed ? ": its files are sealed, nobody else can read them" : "")</p>
        <div class="row">\(Parts.button("Exchange now", to: "/devices/exchange", isMain: true))\(Parts.button("Let a new device in", to: "/devices/invite"))\(Parts.button("Forget the folder", to: "/devices/forget"))</div>
        """ as HTML
      } ?? "<p>None yet. Choose one that Syncthing, a cloud drive or a stick carries to your other devices.</p>")
      <form method="post" action="/devices/folder">\(Parts.input("folder", "The folder’s path", value: folder ?? "", hint: "/home/me/Sync/unknot"))<button>Share it</button></form>
      \(keys.isSealed ? recovery : .nothing)
      <details><summary>Join the devices that share it already</summary><form method="post" action="/devices/join">
      \(Parts.input("code", "The code that the other device shows, or the recovery key", isRequired: true))
      <label class="tick"><input type="checkbox" name="unites" value="yes">Unite: this device has records already; make one journal of both</label>
      <button>Join</button></form></details></section>
      <section><h2>By hand</h2>
      \(Parts.button("Download a file for others", to: "/devices/export", givesFile: true))
      \(Parts.upload("A file of another device", to: "/devices/preview"))</section>
      """)
  }

  private static let recovery: HTML = """
    <details><summary>The recovery key</summary><p>It opens the shared files when every device is lost: write it down, and keep it where you keep a passport.</p>
    \(Parts.button("Show it", to: "/devices/key"))
    <form method="post" action="/devices/test-key">\(Parts.input("code", "What I have written down", isRequired: true))<button>Is that it?</button></form></details>
    """

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    let journal = desk.journal
    switch what {
    case "rename":
      try journal.renameDevice(request["name"] ?? "")
      return .go("/devices", Said.words("This device is called \(try journal.deviceName()) from now on."))
    case "retire":
      let name = request["device"] ?? ""
      _ = try journal.retire(name, request["back"] == nil)
      return .go(
        "/devices",
        Said.words(request["back"] == nil ? "Nobody waits for \(name) any more." : "\(name) is back."))
    case "folder":
      let path = request["folder"] ?? ""
      guard path.hasPrefix("/"), FileManager.default.fileExists(atPath: path) else {
        throw KitError(
          .notFound, "there is no folder \(path)", hint: "make it first, and write its full path")
      }
      try journal.setFolder(path)
      // A folder that others share already is joined, not begun.
      guard try !journal.isFolderLocked(path) else {
        return .go(
          "/devices",
          Said.words("Other devices share this folder already: join them with a code that one of them shows.")
        )
      }
      try journal.beginSealing()
      return .go("/devices", Said.words("Folder shared; its files are sealed."))
    case "forget":
      try journal.setFolder(nil)
      return .go("/devices", Said.words("The folder is forgotten here; what is in it stays."))
    case "exchange": return .go("/devices", said(try journal.exchange()))
    case "key", "test-key", "invite": return try keys(request, journal, what)
    case "join":
      try journal.join(request["code"] ?? "", unites: request["unites"] == "yes")
      return .go("/devices", said(try journal.exchange()))
    default: return try files(request, desk, what)
    }
  }

  private static func keys(_ request: Request, _ journal: Journal, _ what: String?) throws -> Response {
    switch what {
    case "key": return .page(key(try journal.recoveryKey()))
    case "test-key":
      let isRight = try journal.isRecoveryKey(request["code"] ?? "")
      return .go(
        "/devices",
        isRight
          ? Said.words("That is the recovery key.")
          : [Notice(level: .warning, text: "That is not the recovery key of this journal.")])
    default:
      let (code, end) = try journal.invite()
      return .page(invitation(code, end.readable(now: journal.now)))
    }
  }

  private static func said(_ round: FolderExchange) -> [Notice] {
    let taken = round.taken.reduce(UInt64(0)) { $0 &+ $1.changes }
    var notices = Said.words(
      taken == 0 && round.written.isEmpty
        ? "Nothing new."
        : "Added: \(counted(Int(clamping: taken), "change")). Written: \(counted(round.written.count, "file"))."
    )
    if round.conflictsNew > 0 {
      notices.append(
        Notice(level: .warning, text: Advice("\(counted(round.conflictsNew, "conflict")) to decide.")))
    }
    return notices + round.notes.map { Notice(level: .warning, text: $0) }
  }

  private static func key(_ key: String) -> Page {
    Page(
      "The recovery key", here: .more, live: nil,
      """
      <p>Write it down. Whoever has it can read all files that are shared.</p>
      <p class="value code">\(key)</p>\(QRCode(key).map(picture))
      <p><a class="button" href="/devices">I have it</a></p>
      """)
  }

  private static func invitation(_ code: String, _ end: String) -> Page {
    Page(
      "Let a new device in", here: .more, live: nil,
      """
      <p>On the new device: open Devices, write the path of the same folder, and press “Share it”. Then open “Join the devices that share it already”, and type this code. It is for one device, and good until \(end). Whoever sees it can join: show it to nobody else.</p>
      <p class="value code">\(code)</p>\(QRCode(code).map(picture))
      <p><a class="button" href="/devices">Back to Devices</a></p>
      """)
  }

  private static func picture(_ code: QRCode) -> HTML {
    let side = code.size + 8
    let dark = (0..<code.size).flatMap { row in
      (0..<code.size).filter { code.isDark(row, $0) }.map { (row, $0) }
    }
    return """
      <svg class="qr" viewBox="0 0 \(side) \(side)" role="img" aria-label="The code as a QR code"><rect width="\(side)" height="\(side)" fill="#fff"/>
      <path fill="#000" d="\(dark.html { "M\($0.1 + 4) \($0.0 + 4)h1v1h-1z" })"/></svg>
      """
  }
}
