import UnknotCausality

/// Every actor that a file names, by its place in the header's list.
struct ActorTable {
  let actors: [ActorID]
  /// Those that changes do not name: a reference names the family's root.
  let branches: Set<ActorID>
  private let places: [ActorID: UInt32]

  init(of header: ChangesetHeader) {
    self.init(header.namedActors.union(header.extraActors).sorted(), branches: header.branches.map(\.actor))
  }

  init(_ actors: [ActorID], branches: [ActorID]) {
    self.actors = actors
    self.branches = Set(branches)
    places = Dictionary(zip(actors, 0...).map { ($0, UInt32($1)) }, uniquingKeysWith: { first, _ in first })
  }

  func actor(at place: UInt32) throws -> ActorID {
    guard Int(place) < actors.count else {
      throw ChangesetError.damaged("it names an actor that it does not list")
    }
    return actors[Int(place)]
  }

  func actor(at place: UInt64) throws -> ActorID {
    guard place < UInt64(actors.count) else {
      throw ChangesetError.damaged("it names an actor that it does not list")
    }
    return actors[Int(place)]
  }

  func place(_ actor: ActorID) throws -> UInt32 {
    guard let place = places[actor] else {
      throw ChangesetError.damaged("a change names an actor that the header does not list")
    }
    return place
  }
}
