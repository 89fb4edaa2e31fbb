import UnknotCausality
import UnknotChangeset

/// A file whose every byte is as the format wants it, whatever its records say.
struct HostileFile {
  var journalIDs: [[UInt8]]
  var base: [ClockEntry]
  var writer: DeviceState
  var otherDevices: [DeviceState] = []
  var authors: [Author] = []
  var branches: [Branch] = []
  /// Actors that values name and nobody is.
  var strangers: [ActorID] = []

  /// The most that one change writes.
  var largestChange: Int {
    authors.flatMap(\.runs).flatMap(\.changes).reduce(0) { max($0, $1.body.count) }
  }

  func bytes() throws -> [UInt8] {
    let tips = authors.compactMap(\.entry)
    var own = writer
    own.actors = authors.map(\.actor)
    own.clock = tips + base
    let header = ChangesetHeader(
      journalIDs: journalIDs, writer: own.id, base: base, tip: base + tips, devices: [own] + otherDevices,
      changeCount: authors.reduce(0) { $0 + $1.count }, extraActors: strangers, branches: branches)
    var bytes: [UInt8] = []
    var file = try ChangesetWriter(header) { bytes += $0 }
    var waiting = authors.map { (actor: $0.actor, next: UInt64(1), runs: $0.runs[...]) }
    // A run of each by turns: nothing comes before what its author had seen.
    while waiting.contains(where: { !$0.runs.isEmpty }) {
      for index in waiting.indices {
        guard let run = waiting[index].runs.popFirst() else { continue }
        let first = Dot(waiting[index].actor, waiting[index].next)
        let follows = run.follows.flatMap { ChangeHash($0) }
        if let forgotten = ForgottenChanges(first: first, hashes: run.forgotten) {
          try file.append(ChangeRun(context: nil, forgotten: forgotten), follows: follows)
          waiting[index].next += forgotten.count
        } else if !run.changes.isEmpty {
          let context = run.context.map { ContextDelta(at: first, entries: $0.map(\.dot)) }
          try file.append(ChangeRun(context: context, changes: run.changes), follows: follows)
          waiting[index].next += UInt64(run.changes.count)
        }
      }
    }
    try file.finish()
    return bytes
  }
}
