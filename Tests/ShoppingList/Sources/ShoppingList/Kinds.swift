public import UnknotEngine

/// A list of things to buy, which several people share.
public enum List {
  public static let name = Field<String>("name")
  public static let kind = RecordKind(name: "list", fields: [name])
}

/// Something to buy.
public enum Item {
  public static let name = Field<String>("name")
  public static let isDone = Field<Bool>("done")
  public static let dueOn = Field<CalendarDay>("due_on")
  /// The shops that have it, and the like.
  public static let labels = SetField("labels")
  /// By whom it is wanted, and how many.
  public static let amounts = MapField<Int>("amounts")
  public static let kind = RecordKind(
    name: "item", fields: [name, isDone, dueOn, labels, amounts], orderField: "position", parentName: "list")
}

/// What the app has.
public let kinds = [List.kind, Item.kind]
