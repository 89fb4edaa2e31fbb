import UnknotCausality
import UnknotStorage

/// A register as `merge.md` says it in words, without the engine's code: it has to come to the same.
struct ModelRegister {
  /// The entry that is shown first.
  let entries: [RegisterEntry]

  init(_ entries: [RegisterEntry], somethingWins: Bool) {
    func rank(_ entry: RegisterEntry) -> (Int, Int64, Dot) {
      (somethingWins && entry.value == .null ? 0 : 1, entry.recordedAt, entry.dot)
    }
    self.entries = entries.sorted { rank($0) > rank($1) }
  }

  var visible: Value? { entries.first?.value }
  var isInConflict: Bool { Set(entries.map(\.value)).count > 1 }

  /// As the engine tells of it; nil where nobody wrote.
  var stored: StoredField? {
    visible.map {
      StoredField(
        entries: entries.map { StoredField.Entry(dot: $0.dot, recordedAt: $0.recordedAt) }, visible: $0,
        isInConflict: isInConflict)
    }
  }
}
