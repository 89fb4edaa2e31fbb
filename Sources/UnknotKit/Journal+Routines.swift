import UnknotCausality
import UnknotStorage

/// Where a step goes.
public enum StepPlace: Hashable, Sendable {
  case first
  case last
  /// After the step of that id.
  case after(String)
}

extension Journal {
  public func newRoutine(_ name: String, steps: [BoutText]) throws(KitError) -> Written {
    try write("routine new") { session in
      let fields = [FieldName("name"): try session.name(name)]
      let id = try session.create(.routine, fields)
      var order: String?
      for step in steps {
        order = try OrderKey.between(order, nil)
        _ = try session.create(
          .step, parent: id,
          step.fields.merging([FieldName("order"): .text(order ?? "")]) { $1 })
      }
      return try session.written([id])
    }
  }

  /// Routines that are there, newest first, with their steps.
  public func routines() throws(KitError) -> [JournalRecord] {
    try read { session in
      try session.reader.records(in: RecordType.routine.name, RecordFilter()).map { try session.show($0) }
    }
  }

  /// A routine by its id or its name.
  public func routine(_ routine: String) throws(KitError) -> JournalRecord {
    try read { session in try session.show(try session.routine(routine)) }
  }

  public func renameRoutine(_ routine: String, to name: String) throws(KitError) -> Written {
    try write("routine rename") { session in
      let id = try session.routine(routine).id
      let changed = try session.edit(
        try session.routine(routine), [FieldName("name"): try session.name(name)])
      return try session.written(changed ? [id] : [])
    }
  }

  public func addStep(_ step: BoutText, to routine: String, at place: StepPlace) throws(KitError) -> Written {
    try write("routine add") { session in
      let id = try session.routine(routine).id
      let order = try session.orderKey(in: id, at: place, moving: nil)
      _ = try session.create(
        .step, parent: id, step.fields.merging([FieldName("order"): .text(order ?? "")]) { $1 }
      )
      return try session.written([id])
    }
  }

  /// One write; where the step is there already, none.
  public func moveStep(_ step: String, in routine: String, to place: StepPlace) throws(KitError) -> Written {
    try write("routine move") { session in
      let (id, step) = try session.step(step, in: routine)
      guard let order = try session.orderKey(in: id, at: place, moving: step.id) else {
        return try session.written([])
      }
      let changed = try session.edit(step, [FieldName("order"): .text(order)])
      return try session.written(changed ? [id] : [])
    }
  }

  /// - Parameter assignments: `FIELD=VALUE`, each.
  public func editStep(_ step: String, in routine: String, _ assignments: [String]) throws(KitError)
    -> Written
  {
    try write("routine edit") { session in
      let (id, step) = try session.step(step, in: routine)
      return try session.written(try session.edit(step, assignments) ? [id] : [])
    }
  }

  public func removeStep(_ step: String, from routine: String) throws(KitError) -> Written {
    try write("routine remove") { session in
      let (id, step) = try session.step(step, in: routine)
      return try session.written(try session.reader.delete(step.id) ? [id] : [])
    }
  }

  public func deleteRoutine(_ routine: String) throws(KitError) -> Written {
    try write("routine delete") { session in
      let id = try session.routine(routine).id
      return try session.written(try session.reader.delete(id) ? [id] : [])
    }
  }
}

extension JournalTransaction where Reader == StoreWriter {
  fileprivate func name(_ text: String) throws -> Value {
    guard let field = RecordType.routine.field("name") else { preconditionFailure("routines have names") }
    guard !text.trimmed.isEmpty else { throw KitError(.invalidValue, "a routine needs a name") }
    return try field.value(of: text, times: journal.times, reference: reference)
  }

  fileprivate func step(_ text: String, in routine: String) throws -> (routine: Dot, step: StoredRecord) {
    let id = try self.routine(routine).id
    let step = try record(text, type: .step)
    guard step.parent == id else { throw KitError(.notFound, "step \(text) is not in routine \(routine)") }
    return (id, step)
  }

  /// The order key of a place; nil where the step that is moved stands there already.
  fileprivate func orderKey(in routine: Dot, at place: StepPlace, moving: Dot?) throws -> String? {
    let all = try reader.children(of: routine, in: RecordType.step.name, includeRemoved: false)
    let others = all.filter { $0.id != moving }
    let index: Int
    switch place {
    case .first: index = 0
    case .last: index = others.count
    case .after(let text):
      let neighbour = try record(text, type: .step)
      guard let found = all.firstIndex(where: { $0.id == neighbour.id }) else {
        throw KitError(.notFound, "step \(text) is not in this routine")
      }
      // After itself is where it stands.
      let moved = all.firstIndex { $0.id == moving } ?? all.count
      index = found < moved ? found + 1 : found
    }
    // Where it stands already nothing is written, unless devices disagree on that: then the move decides it.
    if let moving, let present = all.firstIndex(where: { $0.id == moving }), present == index {
      return all[present].fields[FieldName("order")]?.isInConflict == true ? key(all[present]) : nil
    }

    func key(_ record: StoredRecord) -> String? {
      if case .text(let key) = record["order"], OrderKey.isValid(key) { key } else { nil }
    }
    let before = others[..<index].reversed().lazy.compactMap(key).first
    // Steps inserted at one place on two devices can have equal keys: the next greater one leaves room.
    let after = others[index...].lazy.compactMap(key).first { next in
      before.map { $0.utf8.lexicographicallyPrecedes(next.utf8) } ?? true
    }
    return try OrderKey.between(before, after)
  }
}
