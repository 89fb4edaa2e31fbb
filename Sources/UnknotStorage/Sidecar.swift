import UnknotCausality

/// Where a device notes, outside of its journal, which state of the journal it last wrote. A journal that was
/// restored from a backup, copied, or moved back is told by it: two journals that both go on writing as one actor
/// would give two meanings to one dot (`merge.md`, "One actor, one history").
///
/// The note is saved before the journal's transaction is committed. When the program ends in between, the next
/// write begins a new actor: harmless, where the reverse would not be.
public protocol Sidecar: Sendable {
  /// The bytes that were saved last; nil where nothing was saved.
  func load() throws -> [UInt8]?
  /// Saves, and returns only when it is on the disk.
  func save(_ bytes: [UInt8]) throws
}

/// What a sidecar holds.
struct SidecarNote {
  static let stampBytes = 16
  private static let magic = Array("unknot sidecar 1".utf8)

  let device: DeviceID
  /// How often the device lost what it held before.
  let epoch: Int64
  /// The journal's stamp.
  let stamp: [UInt8]

  init(device: DeviceID, epoch: Int64, stamp: [UInt8]) {
    self.device = device
    self.epoch = epoch
    self.stamp = stamp
  }

  /// nil for bytes that no sidecar wrote: as good as none.
  init?(_ bytes: [UInt8]) {
    let checksumStart = bytes.count - ChangeHash.byteCount
    guard checksumStart > 0, Hashing.sha256(Array(bytes[..<checksumStart])) == Array(bytes[checksumStart...])
    else { return nil }
    var reader = ByteReader(bytes[..<checksumStart])
    guard let magic = try? reader.raw(UInt64(Self.magic.count)), Array(magic) == Self.magic,
      let id = try? reader.raw(UInt64(DeviceID.byteCount)), let device = DeviceID(Array(id)),
      let stamp = try? reader.raw(UInt64(Self.stampBytes)), let epoch = try? reader.signed(), epoch >= 0
    else { return nil }
    self.init(device: device, epoch: epoch, stamp: Array(stamp))
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.raw(Self.magic)
    writer.raw(device.bytes)
    writer.raw(stamp)
    writer.signed(epoch)
    return writer.bytes + Hashing.sha256(writer.bytes)
  }
}
