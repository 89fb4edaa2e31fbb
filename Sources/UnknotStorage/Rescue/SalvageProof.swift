import UnknotCausality

/// Finds out how far each line of a salvaged log is what was written, and cuts it there.
final class SalvageProof {
  struct End {
    var key: ChangeKey
    var hash: [UInt8]
  }

  let reader: StoreReader
  private let isHeld: (ActorID, Int64, [UInt8]) throws -> Bool
  private(set) var ends: [Int64: End] = [:]
  /// Of each line, what is proven to be what was written and comes after something that is lost, ascending.
  private(set) var islands: [Int64: [ClosedRange<ChangeKey>]] = [:]
  /// Where a torn chain goes on: what comes before is held elsewhere. By the last change there, with its hash.
  private(set) var starts: [ChangeKey: [UInt8]] = [:]
  /// The hash before each change at which a line could have to be cut.
  private var hashesBefore: [ChangeKey: [UInt8]] = [:]
  private var wrongCheckpoints: [ChangeKey] = []
  /// Changes of records that another line has.
  private var subjects: [(key: ChangeKey, subject: ChangeKey)] = []

  init(_ reader: StoreReader, _ isHeld: @escaping (ActorID, Int64, [UInt8]) throws -> Bool) {
    self.reader = reader
    self.isHeld = isHeld
  }

  func run() throws {
    for state in reader.lines.all { try look(through: state) }
    let followed = ends
    try close()
    for state in reader.lines.all {
      guard let end = followed[state.number] else { continue }
      // What names something that is lost is cut off, and yet what was written.
      let first = (starts.keys.filter { $0.line == state.number } + [self.end(of: state)]).max() ?? end.key
      if first < end.key { islands[state.number, default: []].insert(first + 1...end.key, at: 0) }
    }
  }

  /// The last change of a line that is proven with everything before it; where there is none, the one that the line follows.
  func end(of state: LineState) -> ChangeKey { ends[state.number]?.key ?? start(of: state) }

  // MARK: One line

  func start(of state: LineState) -> ChangeKey {
    ChangeKey(line: state.number, depth: state.parent?.depth ?? 0)
  }

  /// What is not there or makes no sense has no hash.
  func reading<T>(_ body: () throws -> T) throws -> T? {
    do {
      return try body()
    } catch is MalformedBytes {
      return nil
    } catch is InvalidChange {
      return nil
    } catch let error where StorageError.failure(of: error)?.isOfContent == true {
      return nil
    }
  }

  private func look(through state: LineState) throws {
    let start = start(of: state)
    let last = ChangeKey(line: state.number, depth: ChangeKey.maximumDepth)
    var walk = Walk(start, try reading { try reader.hash(ofStart: start, state) })
    var checkpoints = try checkpoints(from: start + 1, to: last)
    if state.depth > start.depth { checkpoints[state.last, default: []].append(state.hash) }
    var kept = checkpoints.keys.sorted()[...]
    let cuts = try keys("SELECT key FROM context WHERE key BETWEEN ? AND ?", start + 1, last)
    var gaps = try forgotten(from: start + 1, to: last)[...]

    func jump(before key: ChangeKey) throws {
      while let next = kept.first, next < key {
        kept.removeFirst()
        if next > walk.position { try compare(&walk, at: next, nil, checkpoints[next] ?? [], state) }
      }
    }
    func step(
      _ keys: ClosedRange<ChangeKey>, isOfOther: Bool = false, isForgotten: Bool = false,
      _ hash: ([UInt8]) throws -> [UInt8]
    ) throws {
      guard keys.lowerBound > walk.position else { return }
      try jump(before: keys.lowerBound)
      if isForgotten { walk.forget() }
      let before = keys.lowerBound == walk.position + 1 ? walk.hash : nil
      if isOfOther || cuts.contains(keys.lowerBound) || keys.count > 1 {
        hashesBefore[keys.lowerBound] = before
      }
      let computed = try before.flatMap { before in try reading { try hash(before) } }
      try walk.stepOnIsland(keys) { before in try reading { try hash(before) } }
      while let next = kept.first, next <= keys.upperBound { kept.removeFirst() }
      try compare(&walk, at: keys.upperBound, computed, checkpoints[keys.upperBound] ?? [], state)
    }
    func pass(_ gap: Forgotten) throws {
      try step(gap.keys, isForgotten: true) { _ in gap.hashes.suffix(ChangeHash.byteCount) }
    }

    var latest: (key: ChangeKey, context: WriterContext)?
    try reader.statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(start + 1, at: 1).bind(last, at: 2).eachRow { statement in
        let row = LogRow(statement)
        while let gap = gaps.first, gap.keys.lowerBound < row.key {
          gaps.removeFirst()
          try pass(gap)
        }
        let isOfOther = row.subject.map { $0.line != row.key.line } ?? false
        if isOfOther, let subject = row.subject { subjects.append((row.key, subject)) }
        try step(row.key...row.key, isOfOther: isOfOther) { before in
          try reader.hash(of: row, after: before) {
            let context = try self.reader.context(of: row.key, after: latest)
            latest = (row.key, context)
            return context
          }
        }
      }
    for gap in gaps { try pass(gap) }
    try jump(before: last)
    ends[state.number] = walk.proven
    let end = walk.proven?.key ?? start
    islands[state.number] = walk.islands.filter { $0.lowerBound > end }
  }

  private struct Walk {
    var position: ChangeKey
    /// Nil behind what is missing.
    var hash: [UInt8]?
    var proven: End?
    /// Where a kept hash did not fit what came before: the chain that goes on from it.
    var island: (start: ChangeKey, position: ChangeKey, hash: [UInt8]?)?
    var islands: [ClosedRange<ChangeKey>] = []
    /// The last place where a kept hash did not fit.
    private var misfit: ChangeKey?

    init(_ start: ChangeKey, _ hash: [UInt8]?) {
      position = start
      self.hash = hash
      proven = hash.map { End(key: start, hash: $0) }
    }

    mutating func stepOnIsland(
      _ keys: ClosedRange<ChangeKey>, _ hash: ([UInt8]) throws -> [UInt8]?
    ) rethrows {
      guard let island, island.position < keys.lowerBound else { return }
      let isNext = keys.lowerBound == island.position + 1
      self.island?.hash = isNext ? try island.hash.flatMap(hash) : nil
      self.island?.position = keys.upperBound
    }

    /// The hashes of forgotten ones are there whatever came before: by them nothing before is proven. Where no hash is kept
    /// before them, as early versions did it, they count all the same from the line's beginning on.
    mutating func forget() {
      if let misfit, proven.map({ $0.key < misfit }) ?? true { hash = nil }
      if let island, island.start != island.position { self.island = nil }
    }

    /// A hash is kept here that the chain from the line's start does not lead to.
    mutating func land(at key: ChangeKey, _ hash: [UInt8]) {
      misfit = key
      if let island, island.position == key, island.hash == hash, island.start < key {
        islands.append(island.start + 1...key)
      }
      island = (key, key, hash)
    }
  }

  private func compare(
    _ walk: inout Walk, at key: ChangeKey, _ computed: [UInt8]?, _ kept: [[UInt8]], _ state: LineState
  ) throws {
    walk.position = key
    // A branch is called by the hash of its first change, and so is what goes on beside it.
    let name = reader.lines.tree.startHash(of: key)
    walk.hash = name == nil || name == computed ? computed : nil
    for hash in kept where name == nil || name == hash {
      if hash != walk.hash {
        guard let root = reader.lines.tree.rootActor(of: state.number), try isHeld(root, key.depth, hash)
        else {
          walk.land(at: key, hash)
          continue
        }
        walk.hash = hash
        for start in starts.keys where start.line == state.number { starts[start] = nil }
        starts[key] = hash
      }
      walk.proven = End(key: key, hash: hash)
    }
    // How deep a line goes may be what was hit, and its hash not.
    if let hash = walk.hash, hash == state.hash { walk.proven = End(key: key, hash: hash) }
    if !kept.isEmpty, kept.contains(where: { $0 != walk.hash }) { wrongCheckpoints.append(key) }
  }

  private func checkpoints(from first: ChangeKey, to last: ChangeKey) throws -> [ChangeKey: [[UInt8]]] {
    var hashes: [ChangeKey: [[UInt8]]] = [:]
    try reader.statements["SELECT key, hash FROM checkpoint WHERE key BETWEEN ? AND ?"]
      .bind(first, at: 1).bind(last, at: 2).eachRow { hashes[$0.key(0)] = [$0.bytes(1)] }
    return hashes
  }

  private func keys(_ select: String, _ first: ChangeKey, _ last: ChangeKey) throws -> Set<ChangeKey> {
    var keys: Set<ChangeKey> = []
    try reader.statements[select].bind(first, at: 1).bind(last, at: 2).eachRow { keys.insert($0.key(0)) }
    return keys
  }

  private typealias Forgotten = (keys: ClosedRange<ChangeKey>, hashes: [UInt8])

  private func forgotten(from first: ChangeKey, to last: ChangeKey) throws -> [Forgotten] {
    var gaps: [Forgotten] = []
    try reader.statements[
      "SELECT first, last, hashes FROM forgotten WHERE first BETWEEN ? AND ? ORDER BY first"
    ]
    .bind(first, at: 1).bind(last, at: 2).eachRow { gaps.append(($0.key(0)...$0.key(1), $0.bytes(2))) }
    return gaps
  }

  // MARK: All of them

  /// What a writer had seen has to be there: lines are cut before what names something else, until none does.
  private func close() throws {
    var contexts: [(key: ChangeKey, heads: [ChangeKey])] = []
    try reader.statements["SELECT key, heads FROM context ORDER BY key"].eachRow { row in
      contexts.append((row.key(0), try LineClock.keys(row.bytes(1))))
    }
    var gaps: [ClosedRange<ChangeKey>] = []
    try reader.statements["SELECT first, last FROM forgotten ORDER BY first"].eachRow {
      gaps.append($0.key(0)...$0.key(1))
    }
    func reaches(_ head: ChangeKey) -> Bool {
      head.depth == 0 || ends[head.line].map { $0.key >= head } ?? false
    }
    func isBehindStart(_ key: ChangeKey) -> Bool {
      starts.keys.allSatisfy { start in start.line != key.line || start < key }
    }
    var isClosed = false
    while !isClosed {
      isClosed = true
      for state in reader.lines.all {
        guard let parent = state.parent, let end = ends[state.number], end.key > start(of: state) else {
          continue
        }
        if reaches(parent + 1) { continue }
        ends[state.number] = nil
        isClosed = false
      }
      for (key, subject) in subjects {
        guard let end = ends[key.line], end.key >= key, isBehindStart(key), !reaches(subject) else {
          continue
        }
        cut(before: key)
        isClosed = false
      }
      for (key, heads) in contexts {
        guard let end = ends[key.line], end.key >= key, isBehindStart(key) else { continue }
        if heads.allSatisfy(reaches) { continue }
        cut(before: gaps.first { $0.contains(key) }?.lowerBound ?? key)
        isClosed = false
      }
    }
  }

  private func cut(before key: ChangeKey) {
    let place: ChangeKey = key - 1
    let start: ChangeKey? = reader.lines[key.line].map { self.start(of: $0) }
    if let hash = starts[place] ?? hashesBefore[key] {
      ends[key.line] = End(key: place, hash: hash)
    } else {
      ends[key.line] = start.map { End(key: $0, hash: []) }
    }
  }

  /// What goes beyond the ends, by device.
  func unproven() throws -> [UnprovenChanges] {
    try reader.lines.all.compactMap { state in
      let end = end(of: state)
      return end < state.last ? try unproven(end + 1...state.last, of: state) : nil
    }
  }

  /// Changes of a line that are known to have been written.
  func unproven(_ keys: ClosedRange<ChangeKey>, of state: LineState) throws -> UnprovenChanges? {
    guard let first = reader.lines.tree.name(of: keys.lowerBound),
      let last = reader.lines.tree.name(of: keys.upperBound)
    else { return nil }
    let device = try reader.statements[
      "SELECT name FROM device WHERE number = (SELECT device FROM line WHERE number = ?)"
    ].bind(state.number, at: 1).first { try $0.text(0) }
    let found = try count(keys)
    let proven = try (islands[state.number] ?? []).reduce(Int64(0)) { sum, island in
      guard island.overlaps(keys) else { return sum }
      return sum + (try count(island.clamped(to: keys)))
    }
    return UnprovenChanges(
      device: device ?? "unknown device", first: first, last: last, found: found, proven: proven)
  }

  private func count(_ keys: ClosedRange<ChangeKey>) throws -> Int64 {
    try reader.statements["SELECT count(*) FROM change WHERE key BETWEEN ? AND ?"]
      .bind(keys.lowerBound, at: 1).bind(keys.upperBound, at: 2).first { $0.integer(0) } ?? 0
  }

  /// Leaves what was proven. To be read anew afterwards.
  func cut() throws {
    let statements = reader.statements
    var contexts: [Int64: [UInt8]] = [:]
    for state in reader.lines.all {
      guard let end = ends[state.number]?.key, end > start(of: state) else { continue }
      var context = try reading { try reader.context(of: end) } ?? WriterContext(after: end)
      context.previous = end
      contexts[state.number] = LineClock.bytes(context.all.flatMap(\.heads).sorted())
    }
    for key in wrongCheckpoints {
      try statements["DELETE FROM checkpoint WHERE key = ?"].bind(key, at: 1).run()
    }
    for (key, hash) in starts { try keep(hash, at: key) }
    for state in reader.lines.all {
      let start = start(of: state)
      let end = ends[state.number] ?? End(key: start, hash: [])
      if end.key > start { try keep(end.hash, at: end.key) }
      try statements["UPDATE line SET depth = ?, hash = ?, context = ? WHERE number = ?"]
        .bind(end.key.depth, at: 1)
        .bind(end.key > start ? end.hash : [UInt8](repeating: 0, count: ChangeHash.byteCount), at: 2)
        .bind(contexts[state.number] ?? [], at: 3).bind(state.number, at: 4).run()
    }
    try SalvagedLines.fit(statements)
  }

  private func keep(_ hash: [UInt8], at key: ChangeKey) throws {
    try reader.statements["INSERT OR REPLACE INTO checkpoint (key, hash) VALUES (?, ?)"].bind(key, at: 1)
      .bind(hash, at: 2).run()
  }
}
