import UnknotCausality

/// Gives shapes, fields and kinds of records their numbers in this journal. What has one is found by `NameCache`.
final class Numbering {
  private let statements: Statements
  private let names: NameCache

  init(_ statements: Statements, _ names: NameCache) {
    self.statements = statements
    self.names = names
  }

  func stored(_ shape: Shape) throws -> StoredShape {
    if let stored = try names.existing(shape) { return stored }
    for field in shape.fields { _ = try number(of: field) }
    try statements["INSERT INTO shape (definition, kind) VALUES (?, ?)"].bind(shape.canonicalBytes, at: 1)
      .bind(kind(shape.table), at: 2).run()
    guard let stored = try names.existing(shape) else {
      throw StorageError.damaged("a shape could not be stored")
    }
    return stored
  }

  func number(of field: FieldName) throws -> Int64 {
    if let number = try names.existingNumber(of: field) { return number }
    try statements["INSERT INTO field (name, key) VALUES (?, ?)"].bind(field.field, at: 1)
      .bind(field.key, at: 2).run()
    guard let number = try names.existingNumber(of: field) else {
      throw StorageError.damaged("a field name could not be stored")
    }
    return number
  }

  func kind(_ name: String) throws -> Int64 {
    if let number = try names.existingKind(name) { return number }
    try statements["INSERT INTO record_kind (name) VALUES (?)"].bind(name, at: 1).run()
    guard let number = try names.existingKind(name) else {
      throw StorageError.damaged("a kind's name could not be stored")
    }
    return number
  }
}
