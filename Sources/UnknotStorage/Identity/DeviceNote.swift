import UnknotCausality

/// Where a machine notes, outside of its journals, which state of each it last wrote, and as which device. A journal
/// that was restored from a backup, copied, or moved back is told by it: two journals that both go on writing as one
/// actor would give two meanings to one dot (`merge.md`, "One actor, one history").
///
/// Notes are kept by the device's id: programs that write the same journal have to share them, and one that was moved
/// is still known. One value of this type is about one journal, and knows where that lies.
///
/// A note is saved before the journal's transaction is committed, and names both stamps, the one of before and the one
/// to come; after the commit it is narrowed to the latter. Whenever the program ends in between, the journal's stamp is
/// one of the two.
package protocol DeviceNotes: Sendable {
  /// What was saved last of that device; nil where there is no note.
  func load(_ device: DeviceID) throws -> [UInt8]?
  /// Saves a note, whole or not at all, where nobody has saved another one meanwhile.
  ///
  /// - Parameter expected: what was noted before; nil: nothing.
  /// - Returns: false where something else is noted, and nothing was saved.
  func save(_ note: [UInt8], of device: DeviceID, replacing expected: [UInt8]?) throws -> Bool
  /// Those of which there is a note.
  func devices() throws -> [DeviceID]
  /// Where this journal lies, without links on the way; it need not be there yet.
  var place: String { get }
  /// Whether another journal of that device lies there than this one.
  func isTaken(_ place: String, by device: DeviceID) -> Bool
}

/// What a machine knows of a journal that it wrote.
package struct DeviceNote: Equatable {
  static let stampBytes = 16
  private static let magic = Array("unknot note 1\n".utf8)
  /// The first part fits into one sector, so that a power cut leaves the old one or the new one. The place goes behind it:
  /// it hardly ever changes.
  private static let placeStart = 512

  let device: DeviceID
  /// How often the device lost what it held before.
  let epoch: Int64
  /// The journal's stamp before the transaction that was written last, and after it; twice the same where that is known
  /// to be committed.
  package let stampBefore: [UInt8]
  package let stamp: [UInt8]
  /// The journal may be damaged: it is to be looked at before anything is written to it.
  let isDoubted: Bool
  /// Where the journal lay; empty where that is not known, or another journal lies there by now.
  var place: String

  init(
    device: DeviceID, epoch: Int64, stampBefore: [UInt8], stamp: [UInt8], place: String,
    isDoubted: Bool = false
  ) {
    self.isDoubted = isDoubted
    self.device = device
    self.epoch = epoch
    self.stampBefore = stampBefore
    self.stamp = stamp
    self.place = place
  }

  /// nil for bytes that no program wrote: it is only known that there was a note.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.placeStart, let head = Self.checked(bytes[..<Self.placeStart]) else {
      return nil
    }
    var reader = ByteReader(head)
    guard let magic = try? reader.raw(UInt64(Self.magic.count)), Array(magic) == Self.magic,
      let id = try? reader.raw(UInt64(DeviceID.byteCount)), let device = DeviceID(Array(id)),
      let before = try? reader.raw(UInt64(Self.stampBytes)),
      let stamp = try? reader.raw(UInt64(Self.stampBytes)), let epoch = try? reader.signed(), epoch >= 0,
      // Nothing, in the notes of programs that did not know of it.
      let doubt = try? reader.byte()
    else { return nil }
    let place = Self.checked(bytes[Self.placeStart...]).flatMap { String(validating: $0, as: UTF8.self) }
    self.init(
      device: device, epoch: epoch, stampBefore: Array(before), stamp: Array(stamp), place: place ?? "",
      isDoubted: doubt != 0)
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.raw(device.bytes)
    writer.raw(stampBefore)
    writer.raw(stamp)
    writer.signed(epoch)
    writer.byte(isDoubted ? 1 : 0)
    let head = writer.bytes
    let room = Self.placeStart - ChangeHash.byteCount - head.count
    return Self.withChecksum(head + [UInt8](repeating: 0, count: room)) + Self.withChecksum(Array(place.utf8))
  }

  private static func withChecksum(_ bytes: [UInt8]) -> [UInt8] { bytes + Hashing.sha256(bytes) }

  private static func checked(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.count >= ChangeHash.byteCount else { return nil }
    let content = bytes.dropLast(ChangeHash.byteCount)
    return Hashing.sha256(Array(content)) == Array(bytes.suffix(ChangeHash.byteCount)) ? content : nil
  }

  func describes(_ stamp: [UInt8]) -> Bool { stamp == self.stamp || stamp == stampBefore }

  /// As it is once it is known which of the two stamps the journal has.
  func narrowed(to stamp: [UInt8]) -> DeviceNote {
    DeviceNote(
      device: device, epoch: epoch, stampBefore: stamp, stamp: stamp, place: place, isDoubted: isDoubted)
  }

  func doubted(_ isDoubted: Bool = true) -> DeviceNote {
    DeviceNote(
      device: device, epoch: epoch, stampBefore: stampBefore, stamp: stamp, place: place, isDoubted: isDoubted
    )
  }
}

extension DeviceNotes {
  /// The device whose journal last lay where this one lies.
  func noteOfPlace(except device: DeviceID? = nil) throws -> DeviceNote? {
    for other in try devices() where other != device {
      if let note = try load(other).flatMap({ DeviceNote($0) }), bytewiseEqual(note.place, place) {
        return note
      }
    }
    return nil
  }

  /// Another journal lies there now.
  func forgetPlace(except device: DeviceID? = nil) throws {
    for other in try devices() where other != device {
      guard let bytes = try load(other), var note = DeviceNote(bytes), bytewiseEqual(note.place, place)
      else { continue }
      note.place = ""
      _ = try save(note.bytes, of: other, replacing: bytes)
    }
  }
}
