/// A journal that files belong to.
struct FoundJournal {
  /// One of journals that were joined has the ids of all of them.
  private(set) var ids: Set<[UInt8]>
  /// One of its files.
  let file: String

  /// Those that files belong to, in the order in which their first files were given.
  static func all(of files: [(ids: [[UInt8]], name: String)]) -> [FoundJournal] {
    var journals: [FoundJournal] = []
    for file in files where !file.ids.isEmpty {
      let ids = Set(file.ids)
      let isSame = { (journal: FoundJournal) in !journal.ids.isDisjoint(with: ids) }
      guard let first = journals.firstIndex(where: isSame) else {
        journals.append(FoundJournal(ids: ids, file: file.name))
        continue
      }
      // This file may be what shows that some of them are one.
      journals[first].ids = journals.filter(isSame).reduce(ids) { $0.union($1.ids) }
      let joined = journals[first].ids
      let later = journals[(first + 1)...].filter { $0.ids.isDisjoint(with: joined) }
      journals = Array(journals[...first]) + later
    }
    return journals
  }
}
