// What belongs to a person: remembered points, balls, how they like it.
extension RecordType {
  /// A point that was found once and is known for the next time.
  public static let spot = RecordType(
    "spot", plural: "spots", mergeable: true,
    [
      FieldDescription("target", .word(Catalogue.targets), required: true),
      FieldDescription("side", .word(Catalogue.sides)),
      FieldDescription("sub_zone", .word(Catalogue.subZones)),
      FieldDescription("label", .name), FieldDescription("landmark", .text),
      // On the outline of the body, in thousandths of its width and height.
      FieldDescription("map_x", .number(0...1000)), FieldDescription("map_y", .number(0...1000)),
      FieldDescription("felt_in", .set(Catalogue.sites)),
      FieldDescription("found_on", .day), FieldDescription("state", .word(Words.spotStates)),
      FieldDescription("note", .text),
    ])
  public static let ball = RecordType(
    "ball", plural: "balls", mergeable: true,
    [
      FieldDescription("name", .name, required: true),
      FieldDescription("kind", .word(Words.ballKinds)),
      FieldDescription("firmness", .number(1...5)),
      FieldDescription("diameter_mm", .number(20...200)),
      FieldDescription("material", .name), FieldDescription("on_rope", .flag),
      FieldDescription("homemade", .flag), FieldDescription("marks_wall", .flag),
      FieldDescription("set_size", .number(1...100)),
      FieldDescription("acquired", .day), FieldDescription("retired", .day),
      FieldDescription("note", .text),
    ])
  /// One for each person: what devices set in it without knowing of each other is one profile, with conflicts.
  public static let profile = RecordType(
    "profile", plural: "profiles", single: true,
    [
      FieldDescription("floor_ok", .flag), FieldDescription("prefer_surface", .word(Catalogue.surfaces)),
      // When a day begins: what is written at 02:00 belongs to the day before.
      FieldDescription("day_start", .clock),
      FieldDescription("zone", .name), FieldDescription("locale", .name),
      FieldDescription("contraindications", .map(.contraindications)),
      FieldDescription("store_safety_answers", .flag),
      FieldDescription("note", .text),
    ])
  /// That two records which look alike are two: their pair is not listed as a duplicate any more.
  public static let distinct = RecordType(
    "distinct", plural: "distincts",
    [
      FieldDescription("first", .reference(nil), required: true),
      FieldDescription("second", .reference(nil), required: true),
    ])
}
