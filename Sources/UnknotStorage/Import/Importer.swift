public import UnknotCausality

/// Another history under a name that was taken for one that is held.
struct ForkFound: Error {}

/// An actor of a file, as its writer calls it.
package struct SentActor: Hashable, Sendable {
  package let actor: ActorID
  /// The family's first actor, and how many changes of the family come before this one's own.
  package let root: ActorID
  package let depth: UInt64

  package init(actor: ActorID, root: ActorID, depth: UInt64) {
    self.actor = actor
    self.root = root
    self.depth = depth
  }
}

/// What a file says of its changes before they come.
package struct SentHistory: Sendable {
  /// Every actor that the changes name.
  package let actors: [SentActor]
  package let base: [ClockEntry]
  package let tip: [ClockEntry]

  package init(actors: [SentActor], base: [ClockEntry], tip: [ClockEntry]) {
    self.actors = actors
    self.base = base
    self.tip = tip
  }
}

/// Histories of one family, of which one or more became known by an import.
public struct ForkNote: Hashable, Sendable {
  /// The device that wrote them.
  public let device: String
  /// The last change that they have in common; nil where they have none.
  public let after: Dot?
  /// How many histories go on from there that became known by this.
  public let branches: Int
  /// Whether it is this device's own history.
  public let isOwn: Bool
}

extension Store {
  /// One transaction that takes in changes of others: all that `body` applies is kept, or, when it throws, nothing.
  ///
  /// - Parameters:
  ///   - keeps: false takes everything back at the end: a dry run.
  ///   - isCancelled: asked often; true ends it with `.interrupted`, and nothing is kept.
  package func importing<T>(
    keeps: Bool = true, isCancelled: (() -> Bool)? = nil, _ body: (Importer) throws -> T
  ) throws -> T {
    try transaction(keeps: keeps, origin: .imported, isCancelled: isCancelled) { door in
      let importer = try Importer(door)
      let result = try body(importer)
      try importer.close()
      return result
    }
  }
}

/// Takes changes of others through the one door.
///
/// A file's writer may call actors otherwise than this journal does, as long as one of the two does not know of a
/// fork. Names are therefore never taken over but found by hashes: for each actor of the file, `sent` says which
/// change held here its last one so far is, and everything else is counted from there.
package final class Importer {
  /// The same transaction, to be read: what was taken in so far is there.
  package let reader: StoreReader
  let door: Door
  let lines: Lines
  let statements: Statements
  var sent: [ActorID: SentLine] = [:]
  /// Of the changes after which a fork became known, how many lines begin there now, the newest last.
  var branchings: [(after: ChangeKey, count: Int)] = []
  /// The last change that this device wrote.
  let ownHead: ChangeKey?
  /// What was held before it began.
  let heldBefore: LineClock
  var claimedByOther: [ClockEntry]?
  /// Of the file that was taken in last, the lines that had changes which were new here.
  var newlyWritten: Set<Int64> = []
  /// This device's own line became a branch.
  var isOwnRenamed = false

  init(_ door: Door) throws {
    self.door = door
    reader = door.reader
    lines = door.lines
    statements = door.statements
    ownHead = try door.reader.ownLine.flatMap { door.lines[$0]?.last }
    heldBefore = door.lines.held
  }

  /// In pages of the journal's file that are in use, with what was taken in so far.
  package var usedBytes: UInt64 {
    get throws {
      func number(_ pragma: String) throws -> UInt64 {
        try statements[pragma].first { UInt64(clamping: $0.integer(0)) } ?? 0
      }
      let pages = try number("PRAGMA page_count") - number("PRAGMA freelist_count")
      return try pages * number("PRAGMA page_size")
    }
  }

  /// Whether a file that bears these ids is one of this journal. A journal without changes takes them over (`adopt`);
  /// two journals that are joined bear the ids of both from then on.
  package func accepts(journalIDs ids: [[UInt8]], join: Bool) throws -> Bool {
    let own = try reader.journalIDs
    return join || reader.clock.isEmpty || own.contains(where: ids.contains)
  }

  /// The file's changes are about to be taken in.
  package func adopt(journalIDs ids: [[UInt8]]) throws {
    let own = try reader.journalIDs
    if reader.clock.isEmpty && !own.contains(where: ids.contains) {
      try statements["DELETE FROM journal"].run()
    }
    for id in ids { try statements["INSERT OR IGNORE INTO journal (id) VALUES (?)"].bind(id, at: 1).run() }
    guard try reader.journalIDs.count <= JournalLimits.journals else {
      throw InvalidChange("with it the journal would be made of too many others")
    }
  }

  /// The change that an entry of a file names, if it is held: found by its hash, whatever it is called here.
  func held(_ entry: ClockEntry, _ actors: [ActorID: SentActor]) throws -> ChangeKey? {
    try reader.held(entry, actors)
  }

  /// Those entries of a file's clock whose changes are not held.
  package func missing(_ entries: [ClockEntry], of history: SentHistory) throws -> [ClockEntry] {
    let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    return try entries.filter { try held($0, actors) == nil }
  }

  /// Takes in a file's changes.
  ///
  /// What continues what is held is taken in without looking at every change that is held already. Where it turns out to
  /// be another history, it is taken back, and taken in once more to tell the two apart change by change.
  ///
  /// - Parameter read: gives the changes from the start, less those that a clock in the writer's names covers.
  /// - Returns: how many changes were new.
  package func take(
    _ history: SentHistory,
    _ read: (_ known: VectorClock, _ take: (ChangeRun, ChangeHash?) throws -> Void) throws -> Void
  ) throws -> UInt64 {
    do {
      return try wholly { try take(history, exactly: false, read) }
    } catch let error where error is ForkFound || error is InvalidChange {
      // Taken for a continuation of what is held, a fork's changes may also make no sense at all.
      return try takeExactly(history, read)
    }
  }

  /// The same for what is known to be no continuation.
  func takeExactly(
    _ history: SentHistory,
    _ read: (_ known: VectorClock, _ take: (ChangeRun, ChangeHash?) throws -> Void) throws -> Void
  ) throws -> UInt64 { try take(history, exactly: true, read) }

  /// Brings what was taken in so far into the tables, to be compared in the middle of a transaction.
  package func settle() throws { try door.finish() }

  /// Does all of `body` or, where that throws, nothing of it.
  package func wholly<T>(_ body: () throws -> T) throws -> T {
    if let failure { throw failure }
    let before = (branchings, isOwnRenamed, claimedByOther)
    try settle()
    try statements["SAVEPOINT part"].run()
    do {
      let result = try body()
      try statements["RELEASE part"].run()
      return result
    } catch {
      // Nothing goes on after the journal itself has failed, and SQLite may have ended the transaction.
      if let reason = StorageError.failure(of: error) {
        failure = reason
        throw reason
      }
      statements.discard()
      try statements["ROLLBACK TO part"].run()
      try statements["RELEASE part"].run()
      (branchings, isOwnRenamed, claimedByOther) = before
      (sent, newlyWritten) = ([:], [])
      try reader.reload()
      throw error
    }
  }

  /// Calls `body` and takes back what it did. The exhaustive tests go down and up a tree of deliveries with it.
  package func tryingOut(_ body: () throws -> Void) throws {
    struct Done: Error {}
    do {
      try wholly {
        try body()
        throw Done()
      }
    } catch is Done {}
  }

  private func take(
    _ history: SentHistory, exactly: Bool,
    _ read: (_ known: VectorClock, _ take: (ChangeRun, ChangeHash?) throws -> Void) throws -> Void
  ) throws -> UInt64 {
    newlyWritten = []
    let before = reader.clock.changeCount(beyond: VectorClock())
    let known = try locate(history, exactly: exactly)
    try read(known) { run, follows in try take(run, follows: follows, exactly: exactly) }
    for entry in history.tip {
      guard let line = sent[entry.dot.actor], line.seq == Int64(entry.dot.seq), let head = line.head,
        try reader.hash(at: head) == entry.hash.bytes
      else {
        if !exactly { throw ForkFound() }
        throw InvalidChange("the file does not lead to its tip")
      }
    }
    sent = [:]
    return reader.clock.changeCount(beyond: VectorClock()) - before
  }

  /// Nothing more is taken in after it, nor kept.
  private var failure: StorageError?

  /// After everything was taken in: an actor of this device that has changes which did not come from here, or more
  /// than one history, is written as no longer.
  func close() throws {
    if let failure { throw failure }
    let isForkedNow = branchings.contains { isOwn($0.after) }
    if let ownHead, let own = lines[ownHead.line], isForkedNow || own.last != ownHead {
      try statements["UPDATE device SET writer = NULL WHERE number = 1"].run()
    }
    // Two living journals with one device's name: the one whose history was renamed is the one to change it.
    if isForkedNow ? isOwnRenamed : claimedByOther != nil {
      try door.becomeAnotherDevice(leaving: claimedByOther)
    }
    if !branchings.isEmpty { try door.showTiesAnew() }
    try noteOperation()
  }

  func isOwn(_ key: ChangeKey) -> Bool {
    ownHead.map { lines.tree.root(of: $0.line) == lines.tree.root(of: key.line) } ?? false
  }

  /// Forks that became known, one for each change after which there are several histories now.
  package var forks: [ForkNote] {
    get throws {
      try branchings.map { after, count in
        let name = try lines.name(of: after)
        return ForkNote(
          device: try reader.deviceName(of: name.actor), after: after.depth == 0 ? nil : name,
          branches: count,
          isOwn: isOwn(after))
      }
    }
  }

  /// What was taken in can be taken back as one.
  private func noteOperation() throws {
    let held = lines.held
    guard let first = reader.runs(between: heldBefore, and: held).first?.lowerBound else { return }
    try statements[
      """
      INSERT OR IGNORE INTO operation (first, last, label, recorded_at, kind, held_before, held_after)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ].bind(first, at: 1).bind(first, at: 2).bind("import of files", at: 3).bind(
      reader.store.environment.now(), at: 4
    )
    .bind(Operation.Kind.imported.rawValue, at: 5).bind(heldBefore.bytes, at: 6).bind(held.bytes, at: 7)
    .run()
  }
}
