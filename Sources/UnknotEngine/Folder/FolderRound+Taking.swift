import UnknotCausality
import UnknotChangeset
import UnknotStorage

extension FolderRound {
  /// Reads what is new, or was not whole, and takes in what fits: some files in one transaction, each of
  /// them wholly or not at all.
  func takeAll(_ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void) throws {
    var waiting = try readNew()
    // Whoever starts after less comes first: mostly, one look at each is enough.
    waiting.sort { $0.start < $1.start }
    try expectOneJournal(waiting)
    if options.isDryRun { return try tryOut(waiting, conflicts) }
    try warnOf(waiting)
    while !waiting.isEmpty {
      var misfits: [Unread] = []
      for start in stride(from: 0, to: waiting.count, by: policy.filesAtOnce) {
        try expectGoingOn()
        misfits += try take(Array(waiting[start..<min(start + policy.filesAtOnce, waiting.count)]))
      }
      guard misfits.count < waiting.count else { break }
      waiting = misfits
    }
  }

  /// Which journal an empty one becomes a replica of is not for the order of random names to say.
  private func expectOneJournal(_ files: [Unread]) throws {
    guard try store.read({ $0.clock.isEmpty }) else { return }
    let trust = try store.read { try $0.deviceTrust() }
    let believed = files.filter {
      (try? sealing.check($0.file, takesOpen: options.takesOpen, trust)) != nil
    }
    let journals = FoundJournal.all(
      of: believed.map { ($0.file.header.journalIDs, String(decoding: $0.name, as: UTF8.self)) })
    guard journals.count > 1 else { return }
    throw SyncError.severalJournals(folder: folder, files: journals.map(\.file).sorted())
  }

  /// Says how many changes may be new, where any of them fits.
  private func warnOf(_ files: [Unread]) throws {
    guard let willMerge = options.willMerge else { return }
    let count = try store.read { session in
      let held = session.clock
      let fits =
        try !held.isEmpty
        && files.contains { try session.clock(held: $0.file.header.base, of: $0.file.header.history) != nil }
      return fits
        ? files.reduce(UInt64(0)) { count, unread in
          let more = VectorClock(unread.file.header.tip).changeCount(beyond: held)
          let (sum, overflow) = count.addingReportingOverflow(more)
          return overflow ? .max : sum
        } : 0
    }
    if count > 0 { try willMerge(count) }
  }

  /// What of it would be taken in, in one transaction that is taken back.
  private func tryOut(
    _ files: [Unread], _ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void
  ) throws {
    let tried = try synchronizer.importFiles(
      ofFolder: files.map(\.file), options, conflicts: conflicts, isCancelled: isCancelled)
    result.conflictsNew = tried.conflictsNew
    for (unread, outcome) in zip(files, tried.results) {
      guard var file = memory.files[unread.name] else { continue }
      switch outcome {
      case .success(let imported):
        file.state = .held
        if imported.changesApplied > 0 { result.taken.append(imported.named(unread.name)) }
      case .failure(SyncError.notSealed) where try isOfAnotherJournal(unread.file):
        (file.base, file.tip) = ([], [])
        (file.state, file.reason) = (.foreign, SharedFile.foreignAndOpen)
      case .failure(let reason): setAside(&file, reason)
      }
      memory.files[unread.name] = file
    }
  }

  private func isOfAnotherJournal(_ file: ChangesetFile) throws -> Bool {
    try store.read { try Set($0.journalIDs).isDisjoint(with: file.header.journalIDs) }
  }

  /// A file that is whole, and was not taken in yet.
  struct Unread {
    let name: [UInt8]
    let file: ChangesetFile
    /// How many changes come before it.
    let start: UInt64
  }

  private func readNew() throws -> [Unread] {
    var found: [Unread] = []
    var hasLearned = false
    for name in listed.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard var file = memory.files[name], isToBeRead(file) else { continue }
      try expectGoingOn()
      let path = FilePath(folder, name)
      do {
        // What cannot be read and is not called so is somebody else's.
        let begins =
          FileKind.changeset.isNamed(name) || FileKind.sealed.isNamed(name)
          || (try? ChangesetFile.begins(FileSource(path))) == true
        guard begins else {
          file.state = .other
          memory.files[name] = file
          continue
        }
        let read = try ChangesetFile(FileSource(path), sealing.keys)
        file.device = read.header.writer
        file.writer = read.header.devices.first { $0.id == read.header.writer }?.name ?? ""
        file.changes = read.header.changeCount
        if try learn(read) { hasLearned = true }
        // What a note says can be taken in once its writer's changes are held.
        let clock = read.header.changeCount == 0 ? read.header.clockOfWriter : read.header.base
        let start = VectorClock(clock).changeCount(beyond: VectorClock())
        found.append(Unread(name: name, file: read, start: start))
      } catch let error as SyncError {
        setAside(&file, error)
      }
      memory.files[name] = file
    }
    guard hasLearned else { return found }
    // New keys open more, and so on.
    memory.lookAgain(at: [.locked, .quarantined])
    let more = try readNew()
    return found.filter { unread in !more.contains { $0.name == unread.name } } + more
  }

  /// What is settled is not opened again as long as it looks the same.
  private func isToBeRead(_ file: FolderFile) -> Bool {
    switch file.state {
    case .other, .held, .own, .foreign, .newer, .large, .locked, .quarantined, .open, .key, .stale: false
    case .unread, .waiting, .partial, .unreadable: true
    }
  }

  private func setAside(_ file: inout FolderFile, _ error: SyncError) {
    (file.base, file.tip) = ([], [])
    switch error {
    case .newerFormat(_, let version, let supported):
      (file.state, file.reason) = (.newer, "it is of format \(version), and this program reads \(supported)")
    case .otherJournal: (file.state, file.reason) = (.foreign, "it belongs to another journal")
    case .changesMissing(_, let missing, _):
      let ranges = missing.map {
        $0.from == $0.to ? "change \($0.from) of \($0.device)" : "changes \($0.from)–\($0.to) of \($0.device)"
      }
      file.state = .waiting
      file.reason = "it needs \(ranges.joined(separator: ", ")), which are in no file of this folder"
    case .tooLarge(_, let limit):
      (file.state, file.reason) = (.large, "it would add more than \(limit) bytes")
    case .damaged(_, let reason):
      let isShort = file.look.bytes < ChangesetFile.start.count
      (file.state, file.reason) = (.partial, isShort ? "it is only \(file.look.bytes) bytes long" : reason)
    case .unreadable(_, let reason): (file.state, file.reason) = (.unreadable, reason)
    case .locked:
      (file.state, file.reason) = (.locked, "it is sealed with a key that this device does not have")
    case .notSealed: (file.state, file.reason) = (.open, "it is not sealed")
    case .quarantined(_, let reason): (file.state, file.reason) = (.quarantined, reason)
    case .invitation: (file.state, file.reason) = (.key, "an invitation")
    case .severalJournals, .onlyPastGaps, .wrongCode, .olderKey, .outdatedKey, .notSealing, .noKey, .notFound,
      .targetExists,
      .cannotWrite,
      .notABackup, .noSuchDevice,
      .noFolder, .noNotes:
      (file.state, file.reason) = (.unreadable, "it went while it was read")
    }
  }

  /// Takes in those that fit, in one transaction.
  ///
  /// - Returns: those that may fit after others.
  private func take(_ files: [Unread]) throws -> [Unread] {
    let imported = try synchronizer.importFiles(
      ofFolder: files.map(\.file), options, isCancelled: isCancelled)
    forgetClocks()
    result.forks += imported.forks
    var misfits: [Unread] = []
    try store.read { session in
      let own = try session.devices().first(where: \.isThis)?.id.bytes
      for (unread, outcome) in zip(files, imported.results) {
        guard var file = memory.files[unread.name] else { continue }
        switch outcome {
        case .success(let taken):
          if taken.changesApplied > 0 { result.taken.append(taken.named(unread.name)) }
          try remember(unread.file.header, own: own, session, in: &file)
        case .failure(let reason):
          setAside(&file, reason)
          // Who has signed it may become known by another one.
          if [.waiting, .foreign, .quarantined].contains(file.state) { misfits.append(unread) }
        }
        memory.files[unread.name] = file
      }
    }
    return misfits
  }

  /// What a file that was taken in gives to whoever reads it.
  private func remember(
    _ header: ChangesetHeader, own: [UInt8]?, _ session: StoreReader, in file: inout FolderFile
  ) throws {
    if header.kind == .keys {
      (file.state, file.reason, file.base) = (.key, "", [])
      Self.note(header.journalSecrets, in: &file)
      return
    }
    // A note has no changes: what counts of it is what its writer held. One that says more than is held is read again, as
    // more may come.
    let isNote = header.changeCount == 0
    let history = header.history
    guard let base = try session.clock(held: isNote ? header.clockOfWriter : header.base, of: history),
      let tip = try session.clock(held: isNote ? header.clockOfWriter : header.tip, of: history)
    else { return }
    let isOwn = own == header.writer
    (file.state, file.reason) = (isOwn ? .own : .held, "")
    (file.base, file.tip) = (session.stored(base), session.stored(tip))
    // Others who do not know this device yet would not take it.
    if isOwn, isOfAnOlderKey(header) { file.giveUp() }
  }
}

extension ChangesetHeader {
  /// What the file's writer held.
  fileprivate var clockOfWriter: [ClockEntry] { devices.first { $0.id == writer }?.clock ?? [] }
}

extension ImportedFile {
  fileprivate func named(_ name: [UInt8]) -> ImportedFile {
    ImportedFile(
      name: String(decoding: name, as: UTF8.self), writer: writer, changesApplied: changesApplied,
      changesKnown: changesKnown)
  }
}
