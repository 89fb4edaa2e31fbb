import UnknotCausality

/// Writes anew what a damaged file proves to have been written, and what comes after changes that are lost.
///
/// A change's name says how many come before it, and nobody takes in one without those. Here, each line that goes on after
/// a gap becomes a new one, without what is lost: its changes keep what they say, in their order. They have seen of each
/// other and of what is held only what the proven pieces of a line, its islands, say themselves: what was seen in a gap, or
/// before it and not taken back there, is not known. So two values of a field may be in conflict of which one was written in
/// knowledge of the other; none takes another's place unseen.
final class PastGaps {
  /// One that goes on.
  private final class Line {
    let actor: ActorID
    let state: LineState
    /// As deep in the damaged file, ascending: the first of them is the new line's first change.
    var depths: [Int64] = []
    /// What came before the gaps on the line itself.
    let own: LineClock
    /// By families of the damaged file: what the last changes are that are seen of each, since the last gap.
    var families: [Int64: LineClock] = [:]
    /// The same of families of which that is not said: as much as changes since the last gap name.
    var named: [Int64: LineClock] = [:]
    /// What the change before had seen.
    var seen = LineClock()

    init(_ actor: ActorID, _ state: LineState, own: LineClock) {
      self.actor = actor
      self.state = state
      self.own = own
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

    /// Between two islands nothing is known of what was seen.
    func crossGap() { (families, named) = ([:], [:]) }

    /// What the next change has seen besides its own line.
    var context: LineClock {
      var clock = own
      for part in families.values { clock.merge(part) }
      for part in named.values { clock.merge(part) }
      clock[state.number] = 0
      return clock
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
      if islands[state.number]?.first?.lowerBound != island.upperBound + 1 { lines[state.number]?.crossGap() }
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
    // Another source had it.
    if try sameChange(row.key) != nil { return true }
    let tree = damaged.lines.tree
    let heads = try damaged.movedHeads(at: row.key) ?? []
    let references = try self.references(of: row)
    let named =
      heads.filter { $0.depth > 0 } + references.compactMap(\.self) + (row.subject.map { [$0] } ?? [])
      + (tree[row.key.line]?.parent.map { [$0] } ?? [])
    guard named.allSatisfy(isPassed) else { return false }
    var subject: ChangeKey?
    if let name = row.subject {
      subject = try key(of: name)
      // Nothing is known of the record that it is about.
      guard subject != nil else { return true }
    }
    let line = try line(before: row.key)
    for family in tree.families(heads) {
      line.families[family.root] = try clock(of: family.heads.flatMap(held))
      line.named[family.root] = nil
    }
    if let name = row.subject, let subject { try note(subject, called: name, in: line) }
    try append(row, references, subject, to: line)
    return true
  }

  /// Whoever writes to a record has seen it, and what it belongs to.
  private func note(_ record: ChangeKey, called name: ChangeKey, in line: Line) throws {
    let root = damaged.lines.tree.root(of: name.line)
    var keys: [ChangeKey] = []
    try here.forEachParent(from: record) { parent in
      keys.append(parent)
      return true
    }
    line.named[root, default: LineClock()].merge(try clock(of: keys))
  }

  private func append(
    _ row: LogRow, _ references: [ChangeKey?], _ subject: ChangeKey?, to line: Line
  ) throws {
    let state = line.state
    let seen = line.context
    let context = WriterContext(seen, after: state.last, importer.lines.tree)
    var moved: [FamilyHeads] = []
    if seen != line.seen || state.depth == 0 {
      moved = try here.foreignContext(at: state.last).moved(to: context)
      try importer.door.moveContext(of: state, to: context, moved: moved)
      line.seen = seen
    }
    guard state.depth < ChangeKey.maximumDepth else { throw InvalidChange("an actor has too many changes") }
    let change = Change(
      dot: Dot(line.actor, UInt64(state.depth) + 1), shape: try damaged.names.shape(row.shape).shape,
      subject: try subject.map { try here.lines.name(of: $0) }, recordedAt: row.recordedAt,
      // What is left of an operation that has lost its beginning is one of its own.
      beginsOperation: row.begins || line.depths.last != row.key.depth - 1,
      body: try body(of: row, references, after: state.last, context))
    try importer.door.apply(change, as: state.last + 1, subject: subject, on: state, moved: moved)
    line.depths.append(row.key.depth)
  }

  // MARK: What is what here

  /// The new line that goes on after the gaps of one.
  private func line(before key: ChangeKey) throws -> Line {
    if let line = lines[key.line] { return line }
    guard let actor = ActorID(importer.door.randomBytes(ActorID.byteCount)) else {
      preconditionFailure("an actor of another length")
    }
    // Not what the changes there had seen: a later one may have been written as of an earlier time.
    let own = importer.lines.tree.closure(of: try held(key - 1).filter { $0.depth > 0 })
    let line = Line(actor, try importer.lines.introduce(actor, device: 1), own: own)
    guard importer.lines.tree.count <= JournalLimits.actors else {
      throw InvalidChange("with it the journal would have too many branches")
    }
    lines[key.line] = line
    return line
  }

  /// All that leads to changes that are held here, and what their writers had seen: a device that holds the one holds the other.
  private func clock(of keys: [ChangeKey]) throws -> LineClock {
    var clock = LineClock()
    for key in keys where key.depth > 0 && !clock.covers(key) {
      clock.merge(importer.lines.tree.closure(of: [key] + (try here.context(of: key).covered)))
    }
    return clock
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
      if !isHeld, let same = try sameChange(key) {
        keys.append(same)
        isHeld = true
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
    else { return try sameChange(key) }
    return importer.lines.tree.ancestor(of: anchor, atDepth: key.depth)
  }

  /// The change here of the same hash: other sources may have gone on where this one is torn.
  private func sameChange(_ key: ChangeKey) throws -> ChangeKey? {
    guard let actor = damaged.lines.tree.rootActor(of: key.line),
      let root = importer.lines.tree.root(of: actor),
      importer.lines.tree.family(root).contains(where: { importer.lines[$0]?.depth ?? 0 >= key.depth }),
      let hash = try proof.reading({ try damaged.hash(at: key) })
    else { return nil }
    return try here.find(root: root, depth: key.depth, hash: hash)
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

  /// What the references of a body mean in the damaged file, in their order; nil: nothing that it holds.
  private func references(of row: LogRow) throws -> [ChangeKey?] {
    var reader = ByteReader(row.body)
    var references: [ChangeKey?] = []
    while !reader.isAtEnd {
      _ = try Body.read(&reader) { reference in
        references.append(damaged.lines.key(of: try damaged.resolve(reference, in: row.key)))
        return reference.origin
      }
    }
    return references
  }

  /// A body, in which references name what they mean here.
  private func body(
    of row: LogRow, _ references: [ChangeKey?], after previous: ChangeKey, _ context: WriterContext
  ) throws -> [UInt8] {
    var reader = ByteReader(row.body)
    var writer = ByteWriter()
    var targets = references[...]
    while !reader.isAtEnd {
      let start = row.body.count - reader.remaining
      guard case .reference = try Body.read(&reader), let target = targets.popFirst(), let target,
        let key = try key(of: target)
      else {
        writer.raw(row.body[start..<row.body.count - reader.remaining])
        continue
      }
      let name = try here.lines.name(of: key)
      try Body.write(.reference(name), to: &writer) { _ in
        try here.canonical(key, previous: previous) { context }
      }
    }
    return writer.bytes
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
