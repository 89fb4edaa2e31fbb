public import UnknotStorage

extension Conflict {
  /// Whether it is about this field, or about one text or key of it.
  public func isOf(_ field: some DeclaredField) -> Bool {
    bytewiseEqual(self.field.field, field.declaration.name)
  }
}

extension Conflict.Candidate {
  /// The value, of the field's type; nil where it is empty, or a file brought one of another type.
  public func value<Content>(of field: Field<Content>) -> Content? { Content(fieldValue: value) }
}
