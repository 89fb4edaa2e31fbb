import UnknotEngine

extension JournalTransaction {
  /// What a session is made of: `both` is two bouts, `painful` the side that hurts.
  ///
  /// - Parameter isSurfaceChosen: the person wants it there, whatever the profile says of a place.
  func steps(of request: GuidedRequest, isSurfaceChosen: Bool) throws -> (
    title: String, steps: [GuidedStep], routine: Dot?, guide: String?
  ) {
    let painful = try painfulSide(request)
    let surface = try request.surface.map { try Catalogue.surfaces.check($0) }
    func expanded(_ side: String?) -> [String?] {
      switch side {
      case "both": ["left", "right"]
      case "painful": painful.map { [$0] } ?? ["left", "right"]
      default: [side]
      }
    }
    let wanted = request.routine ?? "quick"
    var title = wanted
    var steps: [GuidedStep] = []
    var routine: Dot?
    var guide: String?
    if let standard = Catalogue.defaultRoutines.first(where: { bytewiseEqual($0.id, wanted) }) {
      title = standard.name
      guide = standard.id
      steps = standard.steps.flatMap { step in
        expanded(step.side).map { side in
          GuidedStep(
            target: step.target, side: side,
            surface: surface ?? step.surface ?? preferredSurface(step.target),
            seconds: step.seconds, discomfortCap: step.discomfortCap)
        }
      }
      let spots = wanted == "minimal" ? try bestSpots(surface) : []
      if !spots.isEmpty { steps = spots }
    } else {
      let record = try self.routine(wanted, orOneOf: Catalogue.defaultRoutines.map(\.id))
      routine = record.id
      if case .text(let name) = record[.name] { title = name }
      for step in try reader.children(of: record.id, in: RecordType.step.name, includeRemoved: false) {
        steps += guided(step, surface: surface, sides: expanded)
      }
      guard !steps.isEmpty else {
        throw KitError(.invalidValue, "\(title) has no steps", hint: "\(.newRoutine) makes one")
      }
    }
    if !isSurfaceChosen { steps = try atTheWall(steps) }
    if request.overrideReason == nil { steps = try allowed(of: steps, isOwnRoutine: routine != nil) }
    return (title, steps, routine, guide)
  }

  /// On the wall, where the person's own list asks for that at a place.
  private func atTheWall(_ steps: [GuidedStep]) throws -> [GuidedStep] {
    let asking = try profile().contraindications.filter(\.asksForWall)
    guard !asking.isEmpty else { return steps }
    return steps.map { step in
      guard let target = TargetDescription.named(step.target),
        asking.contains(where: { $0.covers(target, side: step.side) })
      else { return step }
      return GuidedStep(
        target: step.target, side: step.side, surface: "wall", seconds: step.seconds,
        discomfortCap: step.discomfortCap, spot: step.spot, note: step.note)
    }
  }

  /// Without what the person's own list forbids; what it only warns of is said.
  ///
  /// - Parameter isOwnRoutine: the person has chosen the steps: what is only to be left alone until somebody was asked stays.
  private func allowed(of steps: [GuidedStep], isOwnRoutine: Bool) throws -> [GuidedStep] {
    let profile = try profile()
    let against = profile.contraindications.filter { $0.blocks || !isOwnRoutine && $0.leavesOut }
    let allowed = steps.filter { step in
      guard let target = TargetDescription.named(step.target) else { return true }
      return !against.contains { $0.covers(target, side: step.side) }
    }
    for step in steps where !allowed.contains(step) {
      notices.add(
        .warning,
        "\(step.target)\(step.side.map { "/\($0)" } ?? "") is left out: your profile speaks against it")
    }
    for item in profile.contraindications where !item.blocks {
      let isMeant = allowed.contains { step in
        TargetDescription.named(step.target).map { item.covers($0, side: step.side) } ?? false
      }
      if isMeant, let caution = item.caution {
        notices.add(.warning, "your profile says \(item.text): \(caution)")
      }
    }
    return allowed
  }

  /// The side of the newest rating of the lower back that names one, or what the profile says.
  func usualSide() throws -> String? {
    if let side = try latestSide(of: Catalogue.defaultSite) { return side }
    let usual = try profile().usualPlace
    return bytewiseEqual(usual.place, Catalogue.defaultSite) ? usual.side : nil
  }

  /// "left" or "right"; nil where it is both, neither or not known.
  func painfulSide(_ request: GuidedRequest) throws -> String? {
    let side = try request.side ?? usualSide()
    return side == "left" || side == "right" ? side : nil
  }

  private func preferredSurface(_ target: String) -> String {
    let profile = try? profile()
    if profile?.floorIsFine == false { return "wall" }
    let setUps = TargetDescription.named(target)?.setUps.map(\.surface) ?? []
    if let preferred = profile?.preferredSurface, setUps.contains(preferred) { return preferred }
    return setUps.first ?? "wall"
  }

  private func guided(_ step: StoredRecord, surface: String?, sides: (String?) -> [String?]) -> [GuidedStep] {
    func text(_ field: FieldKey) -> String? { if case .text(let text) = step[field] { text } else { nil } }
    func number(_ field: FieldKey) -> Int? {
      if case .integer(let number) = step[field] { Int(clamping: number) } else { nil }
    }
    guard let target = text(.target), let seconds = number(.seconds), (1...1800).contains(seconds) else {
      return []
    }
    var spot: String?
    if case .reference(let dot) = step[.spot] { spot = dot.description }
    let repetitions = max(1, min(number(.reps) ?? 1, 20))
    return (0..<repetitions).flatMap { _ in
      sides(text(.side)).map {
        GuidedStep(
          target: target, side: $0, surface: surface ?? text(.surface), seconds: seconds,
          discomfortCap: number(.discomfortCap), spot: spot, note: text(.note))
      }
    }
  }

  /// The two active spots that were found last.
  private func bestSpots(_ surface: String?) throws -> [GuidedStep] {
    try records(.spot, fields: [.state, .target, .side]).lazy.filter { $0[.state] == .text("active") }
      .prefix(2).compactMap { spot in
        guard case .text(let id) = spot[.target], let target = TargetDescription.named(id) else {
          return nil
        }
        var side: String?
        if case .text(let text) = spot[.side] { side = text }
        return GuidedStep(
          target: id, side: side, surface: surface ?? preferredSurface(id), seconds: target.defaultSeconds,
          spot: spot.id.description)
      }
  }
}
