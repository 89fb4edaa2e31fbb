import UnknotCausality

/// Writes anew what a damaged file proves to have been written, and what comes after changes that are lost.
///
/// A change's name says how many come before it, and nobody takes in one without those. Here, each line that goes on after
/// a gap becomes a new one, without what is lost: its changes keep what they say, in their order, and have seen
/// of each other and of what is held exactly what is proven. What was seen in a gap is not known: two values of a field of which
/// one was written in full knowledge of the other may then be in conflict, but none takes another's place unseen.
final class PastGaps {
  /// One that goes on.
  private final class Line {
    let actor: ActorID
    let state: LineState
    /// As deep in the damaged file, ascending: the first of them is the new line's first change.
    var depths: [Int64] = []
    /// What the next one has seen, besides its own line.
    var seen = LineClock()

    init(_ actor: ActorID, _ state: LineState) {
      self.actor = actor
      self.state = state
    }

    /// How many of them lead to a depth.
    func count(upTo depth: Int64) -> Int64 {
      var range = 0..<depths.count
      while !range.isEmpty {
        let middle = range.lowerBound + range.count / 2
        range = depths[middle] <= depth ? middle + 1..<range.upperBound : range.lowerBound..<middle
      }
      return Int64(range.lowerBound)
    }
  }

  private let importer: Importer
  private let proof: SalvageProof
  private let damaged: StoreReader
  private let here: StoreReader
  private var lines: [Int64: Line] = [:]
  private var islands: [Int64: ArraySlice<ClosedRange<ChangeKey>>]
  /// How deep each line has been gone through.
  private var passed: [Int64: Int64] = [:]
  private var anchors: [Int64: ChangeKey?] = [:]

  init(_ importer: Importer, _ proof: SalvageProof) {
    self.importer = importer
    self.proof = proof
    damaged = proof.reader
    here = importer.reader
    islands = proof.islands.mapValues { $0[...] }
  }

  /// - Returns: how many were written, and what is still lost.
  func run() throws -> (written: UInt64, lost: [UnprovenChanges]) {
    var isMoving = true
    while isMoving {
      isMoving = false
      for state in damaged.lines.all {
        while try passOne(of: state) { isMoving = true }
      }
    }
    let written = lines.values.reduce(UInt64(0)) { $0 + UInt64($1.depths.count) }
    return (written, try damaged.lines.all.flatMap(lost))
  }

  // MARK: One after the other

  /// Goes through an island, as far as what it names was gone through.
  ///
  /// - Returns: whether it got any further.
  private func passOne(of state: LineState) throws -> Bool {
    guard let island = islands[state.number]?.first else { return false }
    let first = ChangeKey(
      line: state.number, depth: max(island.lowerBound.depth, (passed[state.number] ?? 0) + 1))
    var last: ChangeKey?
    if first <= island.upperBound {
      try damaged.statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
        .bind(first, at: 1).bind(island.upperBound, at: 2).eachRowWhile { row in
          let row = LogRow(row)
          guard try write(row) else { return false }
          passed[state.number] = row.key.depth
          last = row.key
          return true
        }
    }
    // Forgotten ones have no rows.
    let rest = try damaged.statements["SELECT 1 FROM change WHERE key BETWEEN ? AND ?"]
      .bind((last ?? first - 1) + 1, at: 1).bind(island.upperBound, at: 2).first { _ in true }
    if rest == nil {
      passed[state.number] = island.upperBound.depth
      islands[state.number]?.removeFirst()
    }
    return last != nil || rest == nil
  }

  /// Whether everything that leads to a change, and is not lost, was gone through.
  private func isPassed(_ key: ChangeKey) -> Bool {
    path(to: key).allSatisfy { key in
      guard let next = islands[key.line]?.first else { return true }
      return max(next.lowerBound.depth, (passed[key.line] ?? 0) + 1) > key.depth
    }
  }

  /// The last change of each line that leads to one.
  private func path(to key: ChangeKey) -> [ChangeKey] {
    var keys = [key]
    while let last = keys.last, let parent = damaged.lines.tree[last.line]?.parent { keys.append(parent) }
    return keys
  }

  /// - Returns: false where something that it names is to be gone through first.
  private func write(_ row: LogRow) throws -> Bool {
    let heads = try damaged.movedHeads(at: row.key) ?? []
    let (body, references) = try self.body(of: row)
    let named = heads.filter { $0.depth > 0 } + references + (row.subject.map { [$0] } ?? [])
    guard named.allSatisfy(isPassed) else { return false }
    var subject: ChangeKey?
    if let name = row.subject {
      subject = try key(of: name)
      // Nothing is known of the record that it is about.
      guard subject != nil else { return true }
    }
    let line = try line(row.key.line)
    var seen = line.seen
    for key in try heads.flatMap(held) + (subject.map { [$0] } ?? []) { try see(key, &seen, by: line) }
    try append(row, body, subject, seen, to: line)
    return true
  }

  private func append(
    _ row: LogRow, _ body: [UInt8], _ subject: ChangeKey?, _ seen: LineClock, to line: Line
  ) throws {
    let tree = importer.lines.tree
    let state = line.state
    var moved: [FamilyHeads] = []
    if seen != line.seen || state.depth == 0 {
      let before = try here.foreignContext(at: state.last)
      let context = WriterContext(seen, after: state.last, tree)
      moved = before.moved(to: context)
      try importer.door.moveContext(of: state, to: context, moved: moved)
      line.seen = seen
    }
    guard state.depth < ChangeKey.maximumDepth else { throw InvalidChange("an actor has too many changes") }
    let change = Change(
      dot: Dot(line.actor, UInt64(state.depth) + 1), shape: try damaged.names.shape(row.shape).shape,
      subject: try subject.map { try here.lines.name(of: $0) }, recordedAt: row.recordedAt,
      beginsOperation: row.begins, body: body)
    try importer.door.apply(change, as: state.last + 1, subject: subject, on: state, moved: moved)
    line.depths.append(row.key.depth)
  }

  // MARK: What is what here

  /// The new line that goes on after the gaps of one.
  private func line(_ number: Int64) throws -> Line {
    if let line = lines[number] { return line }
    guard let actor = ActorID(importer.door.randomBytes(ActorID.byteCount)) else {
      preconditionFailure("an actor of another length")
    }
    let line = Line(actor, try importer.lines.introduce(actor, device: 1))
    guard importer.lines.tree.count <= JournalLimits.actors else {
      throw InvalidChange("with it the journal would have too many branches")
    }
    lines[number] = line
    if let state = damaged.lines[number] {
      for key in try held(proof.end(of: state)) { try see(key, &line.seen, by: nil) }
    }
    return line
  }

  private func see(_ key: ChangeKey, _ seen: inout LineClock, by line: Line?) throws {
    guard key.line != line?.state.number, !seen.covers(key) else { return }
    let tree = importer.lines.tree
    seen.merge(tree.closure(of: [key] + (try here.context(of: key).covered)))
    if let line { seen[line.state.number] = 0 }
  }

  /// Of what leads to a change, the last ones that are here.
  private func held(_ key: ChangeKey) throws -> [ChangeKey] {
    guard key.depth > 0 else { return [] }
    var keys: [ChangeKey] = []
    var isHeld = false
    for key in path(to: key) {
      if let line = lines[key.line] {
        let count = line.count(upTo: key.depth)
        if count > 0 { keys.append(ChangeKey(line: line.state.number, depth: count)) }
      }
      if !isHeld, let anchor = try anchor(of: key.line) {
        let depth = min(key.depth, anchor.depth)
        keys.append(importer.lines.tree.ancestor(of: anchor, atDepth: depth))
        isHeld = true
      }
    }
    return keys
  }

  /// The change here that one of the damaged file is; nil where it is lost.
  private func key(of key: ChangeKey) throws -> ChangeKey? {
    if let (line, depth) = renamed(key) { return ChangeKey(line: line.state.number, depth: depth) }
    guard let state = damaged.lines[key.line], key <= proof.end(of: state),
      let anchor = try anchor(of: key.line)
    else { return nil }
    return importer.lines.tree.ancestor(of: anchor, atDepth: key.depth)
  }

  private func renamed(_ key: ChangeKey) -> (line: Line, depth: Int64)? {
    guard let line = lines[key.line] else { return nil }
    let count = line.count(upTo: key.depth)
    return count > 0 && line.depths[Int(count) - 1] == key.depth ? (line, count) : nil
  }

  /// Where the last change is held that leads from the line's beginning without a gap.
  private func anchor(of number: Int64) throws -> ChangeKey? {
    if let anchor = anchors[number] { return anchor }
    var anchor: ChangeKey?
    if let state = damaged.lines[number], let end = proof.ends[number], end.key > proof.start(of: state),
      let actor = damaged.lines.tree.rootActor(of: number), let root = importer.lines.tree.root(of: actor)
    {
      anchor = try here.find(root: root, depth: end.key.depth, hash: end.hash)
    }
    anchors[number] = .some(anchor)
    return anchor
  }

  /// A body, in which references name what they mean here.
  ///
  /// - Returns: also what they mean in the damaged file.
  private func body(of row: LogRow) throws -> (bytes: [UInt8], references: [ChangeKey]) {
    var reader = ByteReader(row.body)
    var writer = ByteWriter()
    var references: [ChangeKey] = []
    while !reader.isAtEnd {
      let start = row.body.count - reader.remaining
      var target: ChangeKey?
      let value = try Body.read(&reader) { reference in
        let name = try damaged.resolve(reference, in: row.key)
        target = damaged.lines.key(of: name)
        return reference.origin
      }
      if case .reference = value, let target {
        references.append(target)
        if let (line, depth) = renamed(target) {
          Body.write(.reference(Dot(line.actor, UInt64(depth))), to: &writer)
          continue
        }
      }
      writer.raw(row.body[start..<row.body.count - reader.remaining])
    }
    return (writer.bytes, references)
  }

  // MARK: What is lost

  /// Of a line, in ranges, what is known to have been written and is not here in any form.
  private func lost(of state: LineState) throws -> [UnprovenChanges] {
    var ranges: [UnprovenChanges] = []
    var first = proof.end(of: state) + 1
    func close(before key: ChangeKey) throws {
      guard first < key, let range = try proof.unproven(first...(key - 1), of: state) else { return }
      ranges.append(range)
    }
    var found = (lines[state.number]?.depths ?? []).map { depth in
      let key = ChangeKey(line: state.number, depth: depth)
      return key...key
    }
    try damaged.statements["SELECT first, last FROM forgotten WHERE first BETWEEN ? AND ?"]
      .bind(first, at: 1).bind(state.last, at: 2).eachRow { found.append($0.key(0)...$0.key(1)) }
    for keys in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      try close(before: keys.lowerBound)
      first = max(first, keys.upperBound + 1)
    }
    try close(before: state.last + 1)
    return ranges
  }
}
