public import UnknotEngine

/// A list of things to buy, which several people share.
public enum List {
  /// What the list is called.
  public static let name = Field<String>("name")
  /// How the engine keeps lists.
  public static let kind = RecordKind(name: "list", fields: [name])
}

/// Something to buy.
public enum Item {
  /// What is to be bought.
  public static let name = Field<String>("name")
  /// Whether it is bought already.
  public static let isDone = Field<Bool>("done")
  /// The day by which it is wanted.
  public static let dueOn = Field<CalendarDay>("due_on")
  /// The shops that have it, and the like.
  public static let labels = SetField("labels")
  /// By whom it is wanted, and how many.
  public static let amounts = MapField<Int>("amounts")
  /// How the engine keeps items: each belongs to a list, and has its place among the others there.
  public static let kind = RecordKind(
    name: "item", fields: [name, isDone, dueOn, labels, amounts], orderField: "place", parentName: "list")
}

/// What the app has.
public let kinds = [List.kind, Item.kind]
