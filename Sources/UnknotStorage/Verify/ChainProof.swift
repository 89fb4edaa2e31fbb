import UnknotCausality

/// Finds out whether a line's changes are still what was written: their hashes are computed one after the other, and
/// compared with those that the journal keeps.
///
/// Between two kept hashes nothing can be told of a single change: all of them are what was written, or one is not.
final class ChainProof {
  private let reader: StoreReader
  private let state: LineState
  /// The last change of which this knows.
  private(set) var position: ChangeKey
  private(set) var hash: [UInt8]
  /// The last change up to which everything agreed.
  private(set) var proven: ChangeKey
  private var kept: [(key: ChangeKey, hash: [UInt8])] = []
  private var keptUpTo: ChangeKey
  /// What a writer had seen is put together from what the one before had.
  private var latest: (key: ChangeKey, context: WriterContext)?

  private static let keptAtOnce: Int64 = 512

  /// - Parameters:
  ///   - key: the change before those that are to be proven; at the line's start, the one that it goes on from.
  ///   - hash: of that change.
  init(_ reader: StoreReader, _ state: LineState, after key: ChangeKey, hash: [UInt8]) {
    self.reader = reader
    self.state = state
    self.hash = hash
    position = key
    proven = key
    keptUpTo = key
  }

  /// To be called for every change in its order.
  ///
  /// - Parameter mayMove: false where it is known that the writer had learnt of nothing since the change before.
  /// - Returns: false where a hash that the journal keeps is another one. What follows is then proven from that one on.
  func add(_ row: LogRow, mayMove: Bool = true) throws -> Bool {
    guard row.key == position + 1 else { throw StorageError.damaged("changes are missing from the log") }
    let hash = try reader.hash(of: row, after: hash, mayMove: mayMove) {
      let context = try self.reader.context(of: row.key, after: self.latest)
      self.latest = (row.key, context)
      return context
    }
    return try move(to: row.key, hash)
  }

  /// Changes that were forgotten: of them there are the hashes alone.
  ///
  /// - Parameter hashes: the last one's is the last.
  func add(forgotten keys: ClosedRange<ChangeKey>, _ hashes: [UInt8]) throws -> Bool {
    guard keys.lowerBound == position + 1 else {
      throw StorageError.damaged("changes are missing from the log")
    }
    func hash(at key: ChangeKey) -> [UInt8] {
      let after = key.distance(to: keys.upperBound) * ChangeHash.byteCount
      return Array(hashes.dropLast(after).suffix(ChangeHash.byteCount))
    }
    var agrees = true
    try reader.statements["SELECT key, hash FROM checkpoint WHERE key BETWEEN ? AND ?"]
      .bind(keys.lowerBound, at: 1).bind(keys.upperBound, at: 2)
      .eachRow { if $0.bytes(1) != hash(at: $0.key(0)) { agrees = false } }
    return try move(to: keys.upperBound, hash(at: keys.upperBound)) && agrees
  }

  /// - Throws: `StorageError.damaged`, with what cannot be proven, where `agrees` is false.
  func expect(_ agrees: Bool) throws {
    guard !agrees else { return }
    let names = [proven + 1, position].compactMap { reader.lines.tree.name(of: $0) }
    throw StorageError.damaged(
      "changes are not what was written: \(names.map(\.description).joined(separator: " to "))")
  }

  private func move(to key: ChangeKey, _ computed: [UInt8]) throws -> Bool {
    position = key
    hash = computed
    let checkpoint = try keptHash(at: key)
    let last = key == state.last ? state.hash : nil
    guard let kept = last ?? checkpoint else { return true }
    hash = kept
    guard kept == computed, checkpoint.map({ $0 == kept }) ?? true else { return false }
    proven = key
    return true
  }

  /// Goes on behind the next change whose hash is kept, whatever there is before it.
  func skip(past key: ChangeKey) throws {
    let next = try reader.statements[
      "SELECT key, hash FROM checkpoint WHERE key BETWEEN ? AND ? ORDER BY key LIMIT 1"
    ].bind(key, at: 1).bind(state.last, at: 2).first { ($0.key(0), $0.bytes(1)) }
    (position, hash) = next ?? (state.last, state.hash)
  }

  private func keptHash(at key: ChangeKey) throws -> [UInt8]? {
    if key > keptUpTo {
      let first = keptUpTo + 1
      keptUpTo = min(state.last, max(key, first + Self.keptAtOnce))
      kept = []
      try reader.statements["SELECT key, hash FROM checkpoint WHERE key BETWEEN ? AND ? ORDER BY key DESC"]
        .bind(first, at: 1).bind(keptUpTo, at: 2).eachRow { kept.append(($0.key(0), $0.bytes(1))) }
    }
    while let last = kept.last, last.key < key { kept.removeLast() }
    return kept.last.flatMap { $0.key == key ? $0.hash : nil }
  }
}
