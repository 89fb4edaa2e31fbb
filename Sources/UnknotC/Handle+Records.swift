import UnknotEngine
import UnknotJSON

extension Handle {
  func record(_ request: Request) throws -> JSONValue {
    let id = try request.id("id")
    return try replica.blocking.read { reader in
      guard let record = try reader.record(id) else { throw StorageError.noSuchRecord(id) }
      return .object([("record", record.json(kind(record.kind))), ("form", try Self.json(reader.form))])
    }
  }

  func list(_ request: Request) throws -> JSONValue {
    let kind = try declaredKind(request.text("kind"))
    var filter = RecordFilter(
      since: try request.number("since"), until: try request.number("until"),
      limit: try request.limit() ?? 50,
      includeRemoved: try request.flag("removed"))
    if request.value("after") != nil {
      let place = try Request(.object(request.members("after")))
      filter.after = RecordPlace(time: try place.number("time") ?? 0, id: try place.id("id"))
    }
    return try replica.blocking.read { reader in
      let page = try reader.page(kind, filter)
      let next = page.next.map { place -> JSONValue in
        .object([("time", .integer(place.time)), ("id", .string(place.id.description))])
      }
      return .object([
        ("records", .array(page.records.map { $0.json(kind) })), ("next", next ?? .null),
        ("form", try Self.json(reader.form)),
      ])
    }
  }

  func children(_ request: Request) throws -> JSONValue {
    let kind = try declaredKind(request.text("kind"))
    let parent = try request.id("parent")
    return try replica.blocking.read { reader in
      guard try reader.record(parent, fields: []) != nil else { throw StorageError.noSuchRecord(parent) }
      return .object([
        ("records", .array(try reader.children(of: parent, kind).map { $0.json(kind) })),
        ("form", try Self.json(reader.form)),
      ])
    }
  }

  func history(_ request: Request) throws -> JSONValue {
    let id = try request.id("id")
    return try replica.blocking.read { reader in
      guard let record = try reader.record(id, fields: []) else { throw StorageError.noSuchRecord(id) }
      let kind = kind(record.kind)
      var changes: [JSONValue] = []
      try reader.forEachChange(of: id) { entry in
        let values = entry.values.sorted { $0.key < $1.key }.map { name, value -> JSONValue in
          let field = kind?.fields.first { bytewiseEqual($0.name, name.field) }
          return .array([
            .string(name.field), name.key.map { .string($0) } ?? .null, value.json(as: field?.kind),
          ])
        }
        changes.append(
          .object([
            ("id", .string(entry.change.dot.description)),
            ("action", .string("\(entry.change.shape.action)")),
            ("device", .string(try reader.deviceName(of: entry.change.dot.actor))),
            ("recorded_at", .integer(entry.change.recordedAt)),
            ("operation", .string(entry.operation.description)), ("values", .array(values)),
          ]))
      }
      return .object([("changes", .array(changes))])
    }
  }

  // MARK: Writes

  /// All of `writes` is one operation: kept whole, or not at all.
  func write(_ request: Request) throws -> JSONValue {
    let label = try request.optionalText("label") ?? "write"
    let writes = try request.list("writes").map { try Request($0) }
    let form = try request.value("as_of").map { try Self.form($0) }
    return try replica.blocking.write(label, asOf: form) { writer in
      var ids: [JSONValue] = []
      for (number, write) in writes.enumerated() {
        // What an earlier write of the same operation made is called by its place: "#0".
        func id(_ name: String) throws -> Dot? {
          guard let text = try write.optionalText(name) else { return nil }
          guard text.utf8.first == UInt8(ascii: "#") else { return try Request.id(text) }
          guard let place = Int(text.dropFirst()), (0..<number).contains(place),
            case .string(let made) = ids[place]
          else { throw BadRequest("\(text): no record was made there") }
          return try Request.id(made)
        }
        ids.append(try self.write(write, writer, id))
      }
      return .object([
        ("ids", .array(ids)), ("operation", try writer.operation.map { .string($0.description) } ?? .null),
      ])
    }
  }

  /// - Returns: the id of a record that was made or written to; null where nothing differed.
  private func write(
    _ request: Request, _ writer: StoreWriter, _ id: (String) throws -> Dot?
  ) throws -> JSONValue {
    func place() throws -> ListPlace {
      if let after = try id("after") { return .after(after) }
      switch try request.optionalText("place") ?? "last" {
      case "first": return .first
      case "last": return .last
      case let other: throw BadRequest("a place is first or last, not \(other)")
      }
    }
    if let name = try request.optionalText("create") {
      let kind = try declaredKind(name)
      let values = try kind.values(request.members("values"))
      return .string(
        try writer.create(
          kind, in: id("parent"), at: place(), values.map { Assignment(field: $0.key, value: $0.value) }
        ).description)
    }
    func done(_ record: Dot, _ isWritten: Bool) -> JSONValue {
      isWritten ? .string(record.description) : .null
    }
    if let record = try id("edit") {
      let kind = try declaredKind(writer.reader.kind(of: record))
      return done(record, try writer.edit(record, try kind.values(request.members("values"))))
    }
    if let record = try id("remove") { return done(record, try writer.delete(record)) }
    if let record = try id("restore") { return done(record, try writer.restore(record)) }
    if let record = try id("move") { return done(record, try writer.move(record, to: place())) }
    throw BadRequest("a write is one of create, edit, remove, restore, move")
  }

  func undo(_ request: Request) throws -> JSONValue {
    Self.json(try replica.blocking.undo(request.optionalID("operation")))
  }

  func redo() throws -> JSONValue { Self.json(try replica.blocking.redo()) }

  private static func json(_ reverted: Reverted) -> JSONValue {
    .object([
      ("operation", .string(reverted.operation.id.description)), ("label", .string(reverted.operation.label)),
      ("records", .array(reverted.changed.map { .string($0.description) })),
      (
        "kept_later",
        .array(reverted.keptLater.map { .array([.string($0.record.description), .string("\($0.field)")]) })
      ),
    ])
  }

  // MARK: Conflicts

  func conflicts(_ request: Request) throws -> JSONValue {
    let limit = try request.limit() ?? 100
    return try replica.blocking.read { reader in
      let keys = try reader.conflictKeys()
      return .object([
        ("count", .integer(Int64(keys.count))),
        ("conflicts", .array(try keys.prefix(limit).compactMap { try json(reader.conflict($0)) })),
        ("form", try Self.json(reader.form)),
      ])
    }
  }

  private func json(_ conflict: Conflict?) -> JSONValue? {
    guard let conflict else { return nil }
    let field = kind(conflict.kind)?.fields.first { bytewiseEqual($0.name, conflict.field.field) }
    return .object([
      ("record", .string(conflict.record.description)), ("kind", .string(conflict.kind)),
      ("field", .string(conflict.field.field)), ("key", conflict.field.key.map { .string($0) } ?? .null),
      (
        "candidates",
        .array(
          conflict.candidates.map { candidate in
            .object([
              ("id", .string(candidate.id.description)), ("value", candidate.value.json(as: field?.kind)),
              ("device", .string(candidate.device)), ("recorded_at", .integer(candidate.recordedAt)),
            ])
          })
      ),
    ])
  }

  /// As of the form with which the conflict was shown: what came since stays in conflict.
  func resolve(_ request: Request) throws -> JSONValue {
    guard let shown = request.value("form") else { throw BadRequest("form is missing: conflicts gives it") }
    let form = try Self.form(shown)
    let key = ConflictKey(
      record: try request.id("record"),
      field: FieldName(try request.text("field"), key: try request.optionalText("key")))
    let candidate = try request.id("candidate")
    return try replica.blocking.write("resolve", asOf: form) { writer in
      try writer.resolve(key, choosing: candidate)
      return .object([("operation", try writer.operation.map { .string($0.description) } ?? .null)])
    }
  }

  // MARK: Forms

  static func json(_ form: Form) -> JSONValue { .array(form.texts.map { .string($0) }) }

  static func form(_ json: JSONValue) throws -> Form {
    guard case .array(let items) = json else { throw BadRequest("this is not a form") }
    let texts = try items.map { item in
      guard case .string(let text) = item else { throw BadRequest("this is not a form") }
      return text
    }
    guard let form = Form(texts: texts) else { throw BadRequest("this is not a form") }
    return form
  }
}
