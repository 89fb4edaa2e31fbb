import Crypto
import UnknotCausality

/// An actor that writes whatever it is told, and chains its changes as an honest one does (`merge.md`, "One actor, one
/// history"): a receiver cannot tell by the hashes that no program wrote this.
struct Author {
  let actor: ActorID
  private(set) var runs: [SentChanges] = []
  private(set) var count: UInt64 = 0
  private(set) var hash: [UInt8]
  /// Of each change, so that others can have seen a part only, or go on from there.
  private(set) var hashes: [[UInt8]] = []
  private let branchesFrom: [UInt8]?

  struct SentChanges {
    var context: [ClockEntry]?
    var changes: [Change] = []
    var forgotten: [UInt8] = []
    var follows: [UInt8]?
  }

  init(_ actor: ActorID) {
    self.actor = actor
    hash = actor.bytes + [UInt8](repeating: 0, count: 16)
    branchesFrom = nil
  }

  /// A second history that goes on after one change of another author.
  init(_ actor: ActorID, branchingFrom hash: [UInt8]) {
    self.actor = actor
    self.hash = hash
    branchesFrom = hash
  }

  var entry: ClockEntry? { entry(at: count) }

  func entry(at seq: UInt64) -> ClockEntry? {
    guard seq > 0, seq <= count, let hash = ChangeHash(hashes[Int(seq) - 1]) else { return nil }
    return ClockEntry(Dot(actor, seq), hash)
  }

  /// From the next change on, this is what was seen of others.
  mutating func see(_ context: [ClockEntry]) {
    var run = SentChanges(context: context)
    if count == 0 { run.follows = branchesFrom } else { run.follows = hash }
    runs.append(run)
  }

  /// Ends the run: what another author wrote can come before the next one in the file.
  mutating func pause() { runs.append(SentChanges()) }

  @discardableResult
  mutating func write(
    _ action: Shape.Action, _ table: String, subject: Dot? = nil, _ values: [FieldName: Value] = [:],
    recordedAt: Int64, begins: Bool = true
  ) -> Dot {
    if runs.isEmpty { runs.append(SentChanges(follows: branchesFrom)) }
    if !(runs.last?.forgotten.isEmpty ?? true) { pause() }
    let shape = Shape(action, table: table, fields: Array(values.keys))
    let change = Change(
      dot: Dot(actor, count + 1), shape: shape, subject: subject, recordedAt: recordedAt,
      beginsOperation: begins, body: Body.encode(shape.fields.map { values[$0] ?? .null }))
    let moved = runs[runs.count - 1].changes.isEmpty ? runs[runs.count - 1].context : nil
    hash = Self.hash(of: change, after: hash, moved: moved ?? [])
    hashes.append(hash)
    count += 1
    runs[runs.count - 1].changes.append(change)
    return change.dot
  }

  /// Changes of which only the hashes are known.
  mutating func forget(_ hashes: [[UInt8]]) {
    runs.append(
      SentChanges(forgotten: hashes.flatMap { $0 }, follows: count == 0 ? branchesFrom : hash))
    count += UInt64(hashes.count)
    self.hashes += hashes
    hash = hashes.last ?? hash
    pause()
  }

  private static func hash(of change: Change, after previous: [UInt8], moved: [ClockEntry]) -> [UInt8] {
    var writer = ByteWriter()
    writer.raw(previous)
    writer.raw(Array(SHA256.hash(data: change.shape.canonicalBytes)))
    writer.byte(change.beginsOperation ? 1 : 0)
    writer.signed(change.recordedAt)
    writer.byte(change.subject == nil ? 0 : 1)
    if let subject = change.subject {
      writer.actor(subject.actor)
      writer.unsigned(subject.seq)
    }
    writer.unsigned(UInt64(moved.count))
    for entry in moved.sorted(by: { $0.dot < $1.dot }) {
      writer.actor(entry.dot.actor)
      writer.unsigned(1)
      writer.raw(entry.hash.bytes)
    }
    writer.raw(change.body)
    return Array(SHA256.hash(data: writer.bytes))
  }
}
