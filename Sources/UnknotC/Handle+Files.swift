import UnknotEngine
import UnknotJSON

extension Handle {
  /// - Parameter progress: another value than 0 of the caller's function stops it.
  func export(_ request: Request, _ progress: ProgressReport?) throws -> JSONValue {
    let target: ExportTarget
    switch (try request.optionalPath("file"), try request.optionalPath("folder")) {
    case (let file?, nil): target = .file(file)
    case (nil, let folder?): target = .folder(folder)
    default: throw BadRequest("an export goes to a file or into a folder")
    }
    let result = try replica.blocking.export(
      to: target, for: Receiver(device: try request.optionalText("for")), full: try request.flag("full"),
      progress: progress)
    return .object([
      ("file", result.file.map { .string($0) } ?? .null),
      ("changes", .integer(Int64(clamping: result.changes))),
      ("bytes", .integer(Int64(clamping: result.bytes))),
    ])
  }

  func importFiles(_ request: Request, _ progress: ProgressReport?) throws -> JSONValue {
    let sources = try request.list("files").map { item -> ChangesetSource in
      guard case .string(let path) = item else { throw BadRequest("files is an array of paths") }
      return .path(try Request.path(path))
    }
    guard !sources.isEmpty else { throw BadRequest("files is missing") }
    var options = MergeOptions(isDryRun: try request.flag("dry_run"), joins: try request.flag("join"))
    if try request.flag("large") { options.growthLimit = nil }
    let result = try replica.blocking.importFiles(sources, options, progress: progress)
    return .object([
      (
        "files",
        .array(
          result.files.map { file in
            .object([
              ("name", .string(file.name)), ("device", .string(file.writer)),
              ("new", .integer(Int64(clamping: file.changesApplied))),
              ("known", .integer(Int64(clamping: file.changesKnown))),
            ])
          })
      ),
      (
        "left_out",
        .array(
          result.leftOut.map { .object([("name", .string($0.name)), ("reason", .string("\($0.reason)"))]) })
      ),
      ("conflicts_new", .integer(Int64(result.conflictsNew))),
      ("conflicts_waiting", .integer(Int64(result.conflictsWaiting))),
      ("forks", .integer(Int64(result.forks.count))),
    ])
  }

  /// - Parameter progress: asked now and then; what it throws stops the query.
  func query(_ request: Request, _ progress: ProgressReport?) throws -> JSONValue {
    let isCancelled = { () -> Bool in
      do {
        try progress?(Progress(done: 0, total: 0))
        return false
      } catch { return true }
    }
    return try replica.blocking.query(request.text("sql"), isCancelled: isCancelled) { result in
      var rows: [JSONValue] = []
      try result.each { row in
        rows.append(.array(row.map(Self.json)))
      }
      return .object([
        ("columns", .array(result.columns.map { .string($0) })), ("rows", .array(rows)),
      ])
    }
  }

  private static func json(_ value: QueryValue) -> JSONValue {
    switch value {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): number.isFinite ? .decimal("\(number)") : .null
    case .text(let text): .string(text)
    case .blob(let bytes): .string(hexadecimal(bytes))
    }
  }

  func state() throws -> JSONValue {
    try replica.blocking.read { reader in
      .object([
        ("digest", .string(hexadecimal(try reader.digest()))), ("form", try Self.json(reader.form)),
        ("actor", try reader.ownActor.map { .string("\($0)") } ?? .null),
        (
          "devices",
          .array(
            try reader.devices().map { device in
              .object([
                ("name", .string(device.name)), ("this", .bool(device.isThis)),
                ("retired", .bool(device.isRetired)),
              ])
            })
        ),
      ])
    }
  }
}
