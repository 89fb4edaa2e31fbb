import UnknotCausality
import UnknotPlatform
import UnknotStorage

extension FolderRound {
  private typealias Known = (file: FolderFile, base: VectorClock, tip: VectorClock)

  /// Removes files of this device that nobody needs any more: a quarter of the listing a day at most.
  ///
  /// - Parameter isPatient: false: what replaces them need not have been listed for days.
  func tidy(isPatient: Bool = true) throws {
    try expectGoingOn()
    removeAgain()
    if memory.removalDay != day { (memory.removalDay, memory.removals) = (day, 0) }
    let most = isPatient ? max(1, Int64(listed.count) / 4) - memory.removals : Int64(listed.count)
    guard most > 0 else { return }
    for file in try superfluous(isPatient, atMost: min(most, 64)) {
      try expectGoingOn()
      guard remove(file.name) else { continue }
      memory.files[file.name] = nil
      memory.removed.insert(file.name)
      listed.remove(file.name)
      memory.removals += 1
      result.removed += 1
    }
  }

  /// A carrier may bring back what was removed.
  private func removeAgain() {
    for name in memory.removed where listed.contains(name) {
      guard remove(name) else { continue }
      memory.files[name] = nil
      listed.remove(name)
    }
  }

  private func remove(_ name: [UInt8]) -> Bool {
    FilePath(folder, name).withCString { unlink($0) == 0 || errno == ENOENT }
  }

  private func superfluous(_ isPatient: Bool, atMost most: Int64) throws -> [FolderFile] {
    try store.read { session in
      var files: [Known] = []
      for file in memory.files.values where file.isHeld && listed.contains(file.name) {
        guard let base = try session.clock(stored: file.base), let tip = try session.clock(stored: file.tip)
        else { continue }
        files.append((file, base, tip))
      }
      let devices = try session.devices()
      let known = synchronizer.base(of: devices.filter { !$0.isThis && !$0.isRetired })
      let isAlone = !devices.contains { !$0.isThis && !$0.isRetired }
      // Of files of devices that nobody waits for any more, somebody has to see to it.
      let retired = Set(devices.filter { !$0.isThis && $0.isRetired }.map(\.id.bytes))
      let trusted = files.filter { !isPatient || $0.file.listedDays >= policy.daysUntilTrusted }
      let newest = files.filter { $0.file.state == .own }.max {
        $0.tip.changeCount(beyond: VectorClock()) < $1.tip.changeCount(beyond: VectorClock())
      }
      func isSuperfluous(_ one: Known) -> Bool {
        let isNote = one.file.changes == 0
        guard one.file.state == .own || retired.contains(one.file.device), one.file.name != newest?.file.name,
          !isPatient || isNote || day - one.file.firstDay >= policy.daysUntilRemoved
        else { return false }
        let others = trusted.filter { $0.file.name != one.file.name }
        // Nobody misses an old note who finds a newer one.
        if isNote {
          return others.contains {
            $0.file.device == one.file.device && $0.tip.covers(one.tip)
              && ($0.tip != one.tip || $0.file.changes > 0 || Self.isLater($0.file, than: one.file))
          }
        }
        if others.contains(where: { $0.file.changes > 0 && Self.replaces($0, one) }) { return true }
        // All have it, and whoever comes finds it in a snapshot.
        return !one.base.isEmpty && !isAlone && known.covers(one.tip)
          && others.contains { $0.base.isEmpty && $0.tip.covers(one.tip) }
      }
      var chosen: [FolderFile] = []
      for one in files.sorted(by: { $0.file.name.lexicographicallyPrecedes($1.file.name) })
      where isSuperfluous(one) {
        // Of two that replace each other one stays.
        let rest = files.filter { other in
          other.file.name != one.file.name && !chosen.contains { $0.name == other.file.name }
        }
        let start = known.intersection(session.clock)
        guard
          Self.reach(from: start, rest.map { ($0.base, $0.tip) })
            .covers(Self.reach(from: start, (rest + [one]).map { ($0.base, $0.tip) })),
          Self.reach(from: VectorClock(), rest.map { ($0.base, $0.tip) })
            .covers(Self.reach(from: VectorClock(), (rest + [one]).map { ($0.base, $0.tip) }))
        else { continue }
        chosen.append(one.file)
        if chosen.count >= most { break }
      }
      return chosen
    }
  }
}
