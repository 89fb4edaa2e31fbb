import UnknotCausality

// A family is a tree of changes: one actor's history and what branched off it (`merge.md`, "One actor, one
// history"). A change stands at a depth: how many changes of the family lead to it, itself included. Depth 0 is
// where the root begins.

extension NameCache {
  /// Whether the actor's family has more than one branch.
  func isForked(_ number: Int64) -> Bool {
    guard let state = actors[number] else { return false }
    return (families[state.root]?.count ?? 1) > 1
  }

  func root(of number: Int64) -> Int64 { actors[number]?.root ?? number }

  func depth(of dot: LocalDot) -> Int64 {
    (actors[Packing.actor(dot)]?.depth ?? 0) + Packing.seq(dot)
  }

  /// The change at a depth on the way to this one; at depth 0, the root's number with seq 0.
  func ancestor(of dot: LocalDot, atDepth depth: Int64) -> LocalDot {
    precondition(depth >= 0 && depth <= self.depth(of: dot), "an ancestor is not deeper")
    var number = Packing.actor(dot)
    while let state = actors[number], state.parent != 0, state.depth >= depth { number = state.parent }
    return Packing.dot(number, depth - (actors[number]?.depth ?? 0))
  }

  func isAncestor(_ dot: LocalDot, of other: LocalDot) -> Bool {
    guard root(of: Packing.actor(dot)) == root(of: Packing.actor(other)), depth(of: dot) <= depth(of: other)
    else { return false }
    return ancestor(of: other, atDepth: depth(of: dot)) == dot
  }

  /// A clock that covers these changes and all that lead to them in their families.
  func closure(of dots: some Sequence<LocalDot>) -> LocalClock {
    var clock = LocalClock()
    for dot in dots {
      var dot = dot
      while Packing.seq(dot) > 0, Packing.seq(dot) > clock[Packing.actor(dot)] {
        clock[Packing.actor(dot)] = Packing.seq(dot)
        guard let state = actors[Packing.actor(dot)], state.parent != 0 else { break }
        dot = ancestor(of: dot, atDepth: state.depth)
      }
    }
    return clock
  }

  /// The last changes of a family that a clock covers: one for each branch that it knows. Actors' own names play no
  /// part in it, only which changes there are.
  func heads(ofFamily root: Int64, in clock: LocalClock) -> [LocalDot] {
    guard let family = families[root] else { return [] }
    let last = family.compactMap { clock[$0] > 0 ? Packing.dot($0, clock[$0]) : nil }
    guard last.count > 1 else { return last }
    return last.filter { dot in !last.contains { $0 != dot && isAncestor(dot, of: $0) } }
  }

  /// The entries in which two contexts of a change of `own` differ. Of a family with branches all entries are given,
  /// also those that stay: what is read as one state is stored as one.
  func delta(from old: LocalClock, to new: LocalClock, own: Int64) -> [(actor: Int64, seq: Int64)] {
    let differing = old.delta(to: new)
    guard differing.contains(where: { isForked($0.actor) }) else { return differing }
    var numbers = Set(differing.map(\.actor))
    for entry in differing { numbers.formUnion(families[root(of: entry.actor)] ?? []) }
    numbers.remove(own)
    return numbers.sorted().map { ($0, new[$0]) }
  }
}
