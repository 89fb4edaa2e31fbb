import UnknotCausality
import UnknotPlatform
import UnknotStorage

extension FolderRound {
  private typealias Known = (file: FolderFile, base: VectorClock, tip: VectorClock)

  /// Removes files of this device that nobody needs any more: a quarter of the listing a day at most. Carriers take more than
  /// that for an accident, and stop.
  ///
  /// - Parameter isPatient: false: what replaces them need not have been listed for days.
  func tidy(isPatient: Bool = true) throws {
    try expectGoingOn()
    if memory.removalDay != day { (memory.removalDay, memory.removals) = (day, 0) }
    let most = max(1, Int64(listed.count) / 4) - memory.removals
    guard most > 0 else { return }
    for file in try (keysToRemove() + broken(isPatient) + superfluous(isPatient, atMost: Int(most))).prefix(
      Int(most))
    {
      try expectGoingOn()
      guard remove(file.name) else { continue }
      memory.files[file.name] = nil
      memory.removed.insert(file.name)
      listed.remove(file.name)
      memory.removals += 1
      result.removed += 1
    }
  }

  private func remove(_ name: [UInt8]) -> Bool {
    FilePath(folder, name).withCString { unlink($0) == 0 || errno == ENOENT }
  }

  /// What this device wrote and a carrier has damaged since, or before files were sealed: what was in it is written anew.
  private func broken(_ isPatient: Bool) -> [FolderFile] {
    memory.files.values.filter {
      $0.isWrittenHere && listed.contains($0.name)
        && ($0.state == .stale
          || $0.state == .partial && (!isPatient || $0.listedDays >= policy.daysUntilTrusted))
    }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// So many are looked at in a round, the oldest first.
  private static let mostCandidates = 256

  private func superfluous(_ isPatient: Bool, atMost most: Int) throws -> [FolderFile] {
    let (files, retired) = try store.read { session in
      let files: [Known] = memory.files.values.compactMap { file in
        guard file.isHeld, listed.contains(file.name), let base = clock(file.base, session),
          let tip = clock(file.tip, session)
        else { return nil }
        return (file, base, tip)
      }
      // Of files of devices that nobody waits for any more, somebody has to see to it.
      return (files, Set(try session.devices().filter { !$0.isThis && $0.isRetired }.map(\.id.bytes)))
    }
    // What has most replaces most.
    let trusted = files.filter { !isPatient || $0.file.listedDays >= policy.daysUntilTrusted }
      .sorted { $0.file.changes > $1.file.changes }
    let newest = files.filter { $0.file.state == .own }.max {
      let one = $0.tip.changeCount(beyond: VectorClock())
      let other = $1.tip.changeCount(beyond: VectorClock())
      return one != other ? one < other : $0.file.name.lexicographicallyPrecedes($1.file.name)
    }
    func isOld(_ file: FolderFile) -> Bool {
      // Nobody misses an old note who finds a newer one, nor what was removed and came back.
      !isPatient || file.changes == 0 || memory.removed.contains(file.name)
        || day - file.firstDay >= policy.daysUntilRemoved
    }
    func isReplaced(_ one: Known) -> Bool {
      trusted.contains { other in
        guard other.file.name != one.file.name else { return false }
        guard one.file.changes == 0 else { return other.file.changes > 0 && Self.replaces(other, one) }
        return other.file.device == one.file.device && other.tip.covers(one.tip)
          && (other.tip != one.tip || other.file.changes > 0 || Self.isLater(other.file, than: one.file))
      }
    }
    let candidates = files.filter {
      ($0.file.state == .own || retired.contains($0.file.device)) && $0.file.name != newest?.file.name
        && isOld($0.file)
    }.sorted {
      ($0.file.firstDay, $0.file.listedDays) != ($1.file.firstDay, $1.file.listedDays)
        ? ($0.file.firstDay, -$0.file.listedDays) < ($1.file.firstDay, -$1.file.listedDays)
        : $0.file.name.lexicographicallyPrecedes($1.file.name)
    }
    return Array(
      candidates.prefix(isPatient ? Self.mostCandidates : .max).lazy.filter(isReplaced).prefix(most)
    )
    .map(\.file)
  }
}
