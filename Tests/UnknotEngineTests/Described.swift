import UnknotCausality
import UnknotStorage

/// All that a journal says of itself but its records, of which it has the digest: what a fixture's text file holds.
func described(_ session: StoreReader) throws -> String {
  var lines = ["digest \(hexadecimal(try session.digest()))"]
  lines += try session.entries().map { "clock \($0.dot) \($0.hash)" }
  lines += try session.branches().map { "branch \($0.actor) \($0.root) \($0.depth)" }
  lines += try session.journalIDs.map { "journal \(hexadecimal($0))" }
  lines.append("writer \(try session.ownActor.map { "\($0)" } ?? "-")")
  for device in try session.devices() {
    lines.append(
      """
      device \(hexadecimal(device.id.bytes)) \(device.name) \(device.nameRevision) \(device.epoch) \
      \(device.isRetired) \(device.retiredRevision) \(device.lastImport ?? -1) heard \(device.hasHeard) \
      told \(device.isTold) actors \(device.actors.map { "\($0)" }.sorted().joined(separator: ","))
      """)
    lines += device.entries.map { "holds \($0.dot) \($0.hash)" }
  }
  lines += try session.conflictKeys().map { "conflict \($0.record) \($0.field)" }
  lines += try session.operations(limit: .max).map { operation in
    """
    operation \(operation.id) \(operation.label) \(operation.recordedAt) \(operation.changeCount) \
    \(operation.reverts.map { "\($0)" } ?? "-") \(operation.isReverted) \(operation.isUndo)
    """
  }
  return lines.map { $0 + "\n" }.joined()
}
