extension Store {
  /// The folder in which this machine notes what it last wrote; nil where it does not, or elsewhere.
  package var noteFolder: NoteFolder? { notes as? NoteFolder }

  /// Finds out which device this is, as a write would: of a file that was restored or copied it may be another one than the
  /// file says. To be called before it is asked for what belongs to the device and not to the file, as its keys do.
  package func settleIdentity() throws {
    // What is read first finds a file that another program has made meanwhile.
    guard let notes, try !read({ try $0.isAsNoted(notes) }), !state.withLock(\.isStandIn) else { return }
    try transaction { _ in }
  }

  /// To be called before what was read leaves this machine: from then on no older state of the journal is taken for it.
  /// Where the journal cannot be written to, nothing was either.
  package func narrowNote() {
    guard let notes else { return }
    try? transaction(keeps: false) { try $0.narrowNote(notes) }
  }
}
