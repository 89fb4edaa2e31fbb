import UnknotEngine

/// Where a step goes.
public enum StepPlace: Hashable, Sendable {
  case first
  case last
  /// After the step of that id.
  case after(String)
}

extension Journal {
  /// Makes a routine with its steps, in this order.
  ///
  /// - Parameters:
  ///   - name: at most 100 characters and not empty; another routine may have the same.
  ///   - steps: what is pressed, in this order.
  public func newRoutine(_ name: String, steps: [BoutText]) throws(KitError) -> Written {
    try write("routine new") { session in
      let fields = [FieldName(.name): try session.name(name)]
      let id = try session.create(.routine, fields)
      for step in steps { _ = try session.create(.step, parent: id, step.fields) }
      return try session.written([id])
    }
  }

  /// A routine by its id or its name.
  public func routine(_ routine: String) throws(KitError) -> JournalRecord {
    try read { session in try session.show(try session.routine(routine)) }
  }

  /// Whether there is a routine of that name or id, of the person's own or a default one.
  ///
  /// - Throws: of the kind `notFound` where there is none.
  public func checkRoutine(_ routine: String) throws(KitError) {
    let standard = Catalogue.defaultRoutines.map(\.id)
    guard !standard.contains(where: { bytewiseEqual($0, routine) }) else { return }
    try read { session in _ = try session.routine(routine, orOneOf: standard) }
  }

  /// Gives a routine another name.
  ///
  /// - Parameters:
  ///   - routine: its id or its name.
  ///   - name: at most 100 characters and not empty.
  public func renameRoutine(_ routine: String, to name: String) throws(KitError) -> Written {
    try write("routine rename") { session in
      let id = try session.routine(routine).id
      let changed = try session.edit(
        try session.routine(routine), [FieldName(.name): try session.name(name)])
      return try session.written(changed ? [id] : [])
    }
  }

  /// Adds a step to a routine.
  ///
  /// - Parameters:
  ///   - step: what is pressed.
  ///   - routine: its id or its name.
  ///   - place: where in the routine.
  public func addStep(_ step: BoutText, to routine: String, at place: StepPlace) throws(KitError) -> Written {
    try write("routine add") { session in
      let id = try session.routine(routine).id
      let place = try session.listPlace(place)
      return try session.written([try session.create(.step, parent: id, at: place, step.fields)])
    }
  }

  /// One write; where the step is there already, none.
  public func moveStep(_ step: String, in routine: String, to place: StepPlace) throws(KitError) -> Written {
    try write("routine move") { session in
      let step = try session.step(step, in: routine)
      let isMoved = try session.move(step, to: try session.listPlace(place))
      return try session.written(isMoved ? [step.id] : [])
    }
  }

  ///
  /// - Parameters:
  ///   - step: the id of the step.
  ///   - routine: its name or id.
  ///   - assignments: `FIELD=VALUE`, each.
  public func editStep(_ step: String, in routine: String, _ assignments: [String]) throws(KitError)
    -> Written
  {
    try write("routine edit") { session in
      let step = try session.step(step, in: routine)
      return try session.written(try session.edit(step, assignments) ? [step.id] : [])
    }
  }

  /// Removes a step from a routine.
  ///
  /// - Parameters:
  ///   - step: its id.
  ///   - routine: the id or the name of the routine; it must be the one that has the step.
  public func removeStep(_ step: String, from routine: String) throws(KitError) -> Written {
    try write("routine remove") { session in
      let step = try session.step(step, in: routine)
      return try session.written(try session.remove(step) ? [step.id] : [])
    }
  }

  /// Removes a routine and, with it, its steps.
  ///
  /// - Parameter routine: its id or its name.
  public func deleteRoutine(_ routine: String) throws(KitError) -> Written {
    try write("routine delete") { session in
      let routine = try session.routine(routine)
      return try session.written(try session.remove(routine) ? [routine.id] : [])
    }
  }
}

extension JournalWriter {
  fileprivate func name(_ text: String) throws -> Value {
    guard let field = RecordType.routine.field(FieldKey.name.rawValue) else {
      preconditionFailure("routines have names")
    }
    guard !text.trimmed.isEmpty else { throw KitError(.invalidValue, "a routine needs a name") }
    // It would stand for the other one.
    if let taken = Catalogue.defaultRoutines.first(where: { bytewiseEqualIgnoringCase($0.id, text.trimmed) })
    {
      throw KitError(
        .invalidValue, "\(taken.id) is the name of a routine that comes with the program",
        hint: "choose another one: my-\(taken.id)")
    }
    return try field.value(of: text, times: times(), reference: reference)
  }

  fileprivate func step(_ text: String, in routine: String) throws -> StoredRecord {
    let id = try self.routine(routine).id
    let step = try record(text, type: .step)
    guard step.parent == id else { throw KitError(.notFound, "step \(text) is not in routine \(routine)") }
    return step
  }

  fileprivate func listPlace(_ place: StepPlace) throws -> ListPlace {
    switch place {
    case .first: .first
    case .last: .last
    case .after(let text): .after(try record(text, type: .step).id)
    }
  }
}
