public import UnknotCausality

/// Changes of one device that are not what it wrote, or are not there.
public struct LogFault: Hashable, Sendable {
  /// The name of the device that wrote them; nil where that cannot be told any more.
  public let device: String?
  /// The first of them: one of them at least is not what it was.
  public let first: Dot?
  /// The last of them.
  public let last: Dot?
  /// When the last change before them was recorded that still is what it was: milliseconds since 1970 UTC. The damage is
  /// younger. Nil where there is none.
  public let since: Int64?
  /// What is wrong, in words.
  public let reason: String
}

extension StoreReader {
  /// Computes the hash of every change anew from the first one on. So every byte of the log is found that is not what was
  /// written, on whichever device that was.
  ///
  /// - Parameter most: no more faults than these are told.
  public func logFaults(most: Int = 100) throws -> [LogFault] {
    try statements.flush()
    let check = LogCheck(self, most: most)
    for state in lines.all where check.faults.count < most { try check.look(through: state) }
    try check.lookBehindTheEnds()
    return check.faults
  }
}

private final class LogCheck {
  private typealias Gap = (keys: ClosedRange<ChangeKey>, hashes: [UInt8])

  private let reader: StoreReader
  private let most: Int
  private(set) var faults: [LogFault] = []
  /// Of the changes that other lines go on from, as they were found to be.
  private var hashes: [ChangeKey: [UInt8]] = [:]
  private let wanted: Set<ChangeKey>
  /// When the last change was recorded up to which everything agreed.
  private var since: Int64?

  init(_ reader: StoreReader, most: Int) {
    self.reader = reader
    self.most = most
    wanted = Set(reader.lines.all.compactMap(\.parent))
  }

  func look(through state: LineState) throws {
    since = nil
    let start = ChangeKey(line: state.number, depth: state.parent?.depth ?? 0)
    // A line ends with its last change: what stands behind it belongs to nothing.
    let end = ChangeKey(line: state.number, depth: ChangeKey.maximumDepth)
    let hash = try state.parent.flatMap { hashes[$0] } ?? reader.hash(ofStart: start, state)
    let proof = ChainProof(reader, state, after: start, hash: hash)
    var gaps = try gaps(start + 1, end)[...]
    try reader.statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(start + 1, at: 1).bind(end, at: 2).eachRowWhile { statement in
        let row = LogRow(statement)
        while let gap = gaps.first, gap.keys.lowerBound < row.key {
          gaps.removeFirst()
          try pass(gap, proof)
        }
        guard row.key <= state.last else {
          note(row.key, row.key, "there are changes behind the last one")
          return false
        }
        // Between a fault and the next hash that is kept, nothing can be told.
        guard row.key > proof.position else { return true }
        try prove(row.key, proof) { try proof.add(row) }
        if proof.proven == row.key { since = row.recordedAt }
        return faults.count < most
      }
    for gap in gaps { try pass(gap, proof) }
    if proof.position < state.last, faults.count < most {
      note(proof.position + 1, state.last, "changes are missing")
    }
    if state.last > start, try !isContextKept(of: state) {
      note(state.last, state.last, "what its writer had seen is kept otherwise with the line")
    }
  }

  /// The line has the context of its last change at hand, for the next one.
  private func isContextKept(of state: LineState) throws -> Bool {
    var context = try reader.context(of: state.last)
    context.previous = state.last
    func heads(_ context: WriterContext) -> [ChangeKey] { context.all.flatMap(\.heads).sorted() }
    return try heads(context) == heads(reader.lines.context(of: state))
  }

  /// What is kept of changes that are not there would be taken for theirs once there are such.
  func lookBehindTheEnds() throws {
    for (table, key) in [("checkpoint", "key"), ("context", "key"), ("forgotten", "last")] {
      try reader.statements[
        """
        SELECT kept.\(key) FROM \(table) AS kept LEFT JOIN line ON line.number = kept.\(key) >> 40
        WHERE line.number IS NULL OR (kept.\(key) & 1099511627775) > line.depth LIMIT 100
        """
      ].eachRow { note($0.key(0), $0.key(0), "\(table) has a row of a change that is not there") }
    }
  }

  private func pass(_ gap: Gap, _ proof: ChainProof) throws {
    guard gap.keys.lowerBound > proof.position else { return }
    try prove(gap.keys.lowerBound, proof) { try proof.add(forgotten: gap.keys, gap.hashes) }
    for key in wanted where gap.keys.contains(key) {
      let place = gap.keys.lowerBound.distance(to: key) * ChangeHash.byteCount
      hashes[key] = Array(gap.hashes[place..<place + ChangeHash.byteCount])
    }
  }

  private func prove(_ key: ChangeKey, _ proof: ChainProof, _ step: () throws -> Bool) throws {
    let first = proof.proven + 1
    if key != proof.position + 1 {
      try proof.skip(past: key)
      note(first, proof.position, "changes are missing")
    } else {
      do {
        if try !step() { note(first, proof.position, "changes are not what was written") }
      } catch let error where StorageError.failure(of: error).map(\.isOfContent) ?? true {
        try proof.skip(past: key)
        note(first, proof.position, "changes cannot be read: \(StorageError.reason(of: error))")
      }
    }
    if wanted.contains(proof.position) { hashes[proof.position] = proof.hash }
  }

  private func gaps(_ first: ChangeKey, _ last: ChangeKey) throws -> [Gap] {
    var gaps: [Gap] = []
    try reader.statements[
      "SELECT first, last, hashes FROM forgotten WHERE first BETWEEN ? AND ? ORDER BY first"
    ].bind(first, at: 1).bind(last, at: 2).eachRow { row in
      let (first, last, hashes) = (row.key(0), row.key(1), row.bytes(2))
      guard first <= last, first.line == last.line,
        hashes.count == (first.distance(to: last) + 1) * ChangeHash.byteCount
      else { return note(first, first, "changes that were forgotten have no hashes") }
      gaps.append((first...last, hashes))
    }
    return gaps
  }

  private func note(_ first: ChangeKey, _ last: ChangeKey, _ reason: String) {
    guard faults.count < most else { return }
    let device = try? reader.statements[
      "SELECT name FROM device WHERE number = (SELECT device FROM line WHERE number = ?)"
    ].bind(first.line, at: 1).first { try $0.text(0) }
    faults.append(
      LogFault(
        device: device, first: reader.lines.tree.name(of: first), last: reader.lines.tree.name(of: last),
        since: since, reason: reason))
  }
}
