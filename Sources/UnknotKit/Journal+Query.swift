import UnknotEngine

/// The answer to a query in SQL. It is at hand only inside the closure that it was given to.
public struct JournalQuery {
  /// Each name once: the second `a` is `a_2`.
  public let columns: [String]
  /// A value for each column: texts, whole numbers, decimals and null; bytes are in lower-case hexadecimal.
  public let rows: JournalSequence<[JSONValue]>
}

/// A view of the journal: a table that is made for being asked in SQL.
public struct JournalView: Sendable {
  /// What SQL calls it.
  public let name: String
  /// The names of its columns, in their order.
  public let columns: [String]

  /// An object with `name` and `columns`.
  public var json: JSONValue {
    .object([("name", .string(name)), ("columns", .array(columns.map { .string($0) }))])
  }
}

extension Journal {
  /// Answers one SELECT in SQLite's language, and can do nothing else: the journal is not written to.
  ///
  /// - Parameters:
  ///   - sql: one SELECT.
  ///   - isCancelled: asked often; true ends it with an error of the kind `interrupted`, as does
  ///     cancelling the task that this is done for.
  ///   - body: gets the answer, all of it from one state of the journal. Nobody can write until it ends.
  public func query<T>(
    _ sql: String, isCancelled: (() -> Bool)? = nil, _ body: (JournalQuery) throws -> T
  ) throws(KitError) -> T {
    try answer(sql, isCancelled: isCancelled) { result in
      try body(
        JournalQuery(
          columns: Self.distinct(result.columns),
          rows: JournalSequence { each in try result.each { try each($0.map(JSONValue.init)) } }))
    }
  }

  /// What there is to ask, by name.
  public func views() throws(KitError) -> [JournalView] {
    try queryViews().map { JournalView(name: $0.name, columns: $0.columns) }
  }

  private static func distinct(_ names: [String]) -> [String] {
    // A name that stands there by itself is not given to another one.
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      if seen.insert(name).inserted { return name }
      var number = 2
      while !taken.insert("\(name)_\(number)").inserted { number += 1 }
      return "\(name)_\(number)"
    }
  }
}

extension JSONValue {
  fileprivate init(_ value: QueryValue) {
    self =
      switch value {
      case .null: .null
      case .integer(let number): .integer(number)
      // JSON knows no infinity: whoever reads such a number gets one, as in SQLite's own JSON.
      case .real(let number): .decimal(number.isFinite ? "\(number)" : number < 0 ? "-9e999" : "9e999")
      case .text(let text): .string(text)
      case .blob(let bytes): .string(hexadecimal(bytes))
      }
  }
}
