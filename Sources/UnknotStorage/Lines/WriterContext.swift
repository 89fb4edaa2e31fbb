import UnknotCausality

/// The last changes of one family in a context: none of them leads to another, or to the change that has the context.
struct FamilyHeads {
  let root: Int64
  let heads: [ChangeKey]
}

/// What the writer of a change had seen (`merge.md`, "Change"): whatever leads to the change, and of each family its last
/// changes. As long as nobody copied a journal that is one change of each; where there are branches, a path costs
/// nothing, however long it is.
struct WriterContext {
  private struct Family {
    /// Ascending.
    let heads: [ChangeKey]
    /// Where there are many, all that leads to them.
    let closure: LineClock?
  }

  /// The change before in its family; at depth 0 where there is none.
  var previous: ChangeKey
  private var families: [Int64: Family] = [:]

  init(after previous: ChangeKey) { self.previous = previous }

  /// - Parameter heads: as stored.
  init(after previous: ChangeKey, heads: [ChangeKey], _ tree: NameTree) {
    self.previous = previous
    for family in tree.families(heads) { replace(family, tree) }
  }

  /// All that a closed clock covers.
  init(_ clock: LineClock, after previous: ChangeKey, _ tree: NameTree) {
    self.previous = previous
    for root in Set(clock.entries.keys.map({ tree.root(of: $0) })) {
      let heads = tree.heads(ofFamily: root, in: clock).filter { !tree.isAncestor($0, of: previous) }
      replace(FamilyHeads(root: root, heads: heads), tree)
    }
  }

  mutating func replace(_ family: FamilyHeads, _ tree: NameTree) {
    families[family.root] =
      family.heads.isEmpty
      ? nil
      : Family(
        heads: family.heads.sorted(),
        closure: family.heads.count > 4 ? tree.closure(of: family.heads) : nil)
  }

  func heads(ofFamily root: Int64) -> [ChangeKey] { families[root]?.heads ?? [] }

  /// By their roots, in ascending order.
  var all: [FamilyHeads] {
    families.sorted { $0.key < $1.key }.map { FamilyHeads(root: $0.key, heads: $0.value.heads) }
  }

  /// Whatever is covered leads to one of these.
  var covered: [ChangeKey] { all.flatMap(\.heads) + (previous.depth > 0 ? [previous] : []) }

  func covers(_ key: ChangeKey, _ tree: NameTree) -> Bool {
    if tree.isAncestor(key, of: previous) { return true }
    guard let family = families[tree.root(of: key.line)] else { return false }
    return family.closure?.covers(key) ?? family.heads.contains { tree.isAncestor(key, of: $0) }
  }

  /// The families of which another context has other last changes, as that one has them.
  func moved(to other: WriterContext) -> [FamilyHeads] {
    Set(families.keys).union(other.families.keys).sorted().compactMap { root in
      let heads = other.heads(ofFamily: root)
      return heads == self.heads(ofFamily: root) ? nil : FamilyHeads(root: root, heads: heads)
    }
  }
}

extension NameTree {
  /// The families that stored heads speak of: a line's number with depth 0 says that nothing of one is left.
  func families(_ heads: [ChangeKey]) -> [FamilyHeads] {
    var families: [Int64: [ChangeKey]] = [:]
    for key in heads { families[root(of: key.line), default: []] += key.depth == 0 ? [] : [key] }
    return families.sorted { $0.key < $1.key }.map { FamilyHeads(root: $0.key, heads: $0.value) }
  }

  /// Those changes of one family of which none leads to another, or to `previous`.
  func reduced(_ keys: [ChangeKey], ofFamily root: Int64, after previous: ChangeKey) -> [ChangeKey] {
    let heads = keys.count > 1 ? heads(ofFamily: root, in: closure(of: keys)) : keys
    return heads.filter { !isAncestor($0, of: previous) }
  }
}
