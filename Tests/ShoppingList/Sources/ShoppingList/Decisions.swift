public import UnknotEngine

/// Names that devices disagree on, each with the device that wrote it. The one that is shown until then comes first.
public func openNames(_ replica: Replica) async throws -> [[String]] {
  try await replica.conflicts().filter { $0.isOf(Item.name) }.map { conflict in
    conflict.candidates.map { "\($0.device): \($0.value(of: Item.name) ?? "removed")" }
  }
}

/// What a person's tap on a device's name for an item does.
public func decide(_ replica: Replica, for device: String) async throws {
  for conflict in try await replica.conflicts() where conflict.isOf(Item.name) {
    guard let chosen = conflict.candidates.first(where: { $0.device == device }) else { continue }
    try await replica.resolve(conflict, choosing: chosen.id)
  }
}
