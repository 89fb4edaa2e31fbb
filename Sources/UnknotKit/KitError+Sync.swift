import UnknotEngine

extension KitError {
  init(syncError error: SyncError) {
    let said = error.errorDescription ?? "\(error)"
    self =
      switch error {
      case .damaged(let file, let reason):
        KitError(
          .fileDamaged, "\(file) is damaged or not a changeset", cause: reason,
          hint: "copy it again from where it came from")
      case .newerFormat(let file, let version, let supported):
        KitError(
          .newerFormat, "\(file) has format \(version), newer than this program reads",
          hint: "this program reads up to format \(supported); install a newer one")
      case .otherJournal(let file):
        KitError(
          .otherJournal, "\(file) belongs to another journal",
          hint: "if both are yours and you want them as one, import it with \(.join)")
      case .severalJournals(let folder, let files):
        KitError(
          .otherJournal,
          "\(folder) has files of \(files.count) journals, and it is unclear which one you mean",
          cause: "one of each: \(files.joined(separator: ", "))",
          hint: "import a file of the one that you mean: \(.importFile)")
      case .onlyPastGaps(let proven): KitError(onlyPastGaps: UInt64(clamping: proven))
      case .changesMissing(_, _, let isLoss):
        KitError(
          .changesMissing, said,
          hint: isLoss
            ? """
            this device held them before it was restored from a backup, or it is a copy: export here, import that \
            file there, and the next file from there will contain them
            """
            : "import the files before it, or export on the other device with \(.fullExport)")
      case .tooLarge(let file, let limit):
        KitError(
          .failed, "\(file) would make the journal larger by more than \(limit >> 20) MiB",
          hint: "if it is yours and as large as it should be, import it with \(.largeImport)")
      case .unreadable(let file, let reason): KitError(.failed, "\(file) cannot be read", cause: reason)
      case .notFound: KitError(.notFound, said)
      case .targetExists: KitError(.failed, said, hint: "name \(.otherFile)")
      case .cannotWrite(let file, let reason): KitError(.failed, "\(file) cannot be written", cause: reason)
      case .notABackup(let file, let reason):
        KitError(
          .fileDamaged, "\(file) cannot be put back", cause: reason,
          hint: "nothing was changed; take another backup")
      case .noFolder:
        KitError(.notFound, "no folder is shared with other devices", hint: "choose one: \(.setFolder)")
      case .noNotes: KitError(.failed, said)
      case .noSuchDevice(_, let known):
        KitError(
          .notFound, said,
          hint: known.isEmpty ? "no other device is known yet" : "known: \(known.joined(separator: ", "))")
      case .locked, .invitation, .wrongCode, .olderKey, .outdatedKey, .notSealing, .notSealed, .quarantined,
        .noKey:
        KitError(ofKeys: error, said)
      }
  }

  private init(onlyPastGaps count: UInt64) {
    self.init(
      .journalDamaged,
      "the first changes are lost; \(counted(count, "later one")) \(count == 1 ? "is" : "are") intact",
      hint: """
        name an older backup or another device's file too: it may have what is lost. If there is none, save the later ones \
        with \(.pastGaps)
        """)
  }

  /// What keys are in the way of; what they are not, in the engine's own words.
  private init(ofKeys error: SyncError, _ said: String) {
    self =
      switch error {
      case .locked(let file):
        KitError(
          .noKey, "\(file) is sealed with a key that this device does not have",
          hint: "\(.joinDevices) gives it the key")
      case .invitation(let file):
        KitError(.noKey, "\(file) is an invitation", hint: "\(.joinDevices) opens it")
      case .wrongCode:
        KitError(
          .noKey, "this opens nothing in the folder",
          hint:
            "check every character; an invitation is for one device, and goes after the day that follows it")
      case .olderKey:
        KitError(
          .failed, said, hint: "\(.showKey) here, and type it on the others at \(.joinDevices)")
      case .outdatedKey:
        KitError(.failed, said, hint: "type the newest one; if nobody has it any more: \(.olderKey)")
      case .notSealing: KitError(.failed, said, hint: "\(.setFolder) begins that")
      case .notSealed(let file):
        KitError(
          .failed, "\(file) is not sealed: not imported",
          hint: """
            if it is yours: \(.takeOpen) takes it once; if it belongs to another journal, with \(.join) as well
            """)
      case .quarantined(let file, let reason):
        KitError(.noKey, "\(file) was not taken", cause: reason)
      case .noKey:
        KitError(
          .failed, "this journal's files are sealed, and this device does not have the key",
          hint: "\(.joinDevices) gives it the key")
      default: KitError(.failed, said)
      }
  }
}
