// What belongs to a person: remembered points, balls, how they like it.
extension RecordType {
  /// A point that was found once and is known for the next time.
  public static let spot = RecordType(
    "spot", plural: "spots", mergeable: true,
    [
      FieldDescription(.target, .word(Catalogue.targets), required: true),
      FieldDescription(.side, .word(Catalogue.sides)),
      FieldDescription(.subZone, .word(Catalogue.subZones)),
      FieldDescription(.label, .name), FieldDescription(.landmark, .text),
      // On the outline of the body, in thousandths of its width and height.
      FieldDescription(.mapX, .number(0...1000)), FieldDescription(.mapY, .number(0...1000)),
      FieldDescription(.feltIn, .set(Catalogue.sites)),
      FieldDescription(.foundOn, .day), FieldDescription(.state, .word(Words.spotStates)),
      FieldDescription(.note, .text),
    ])
  /// A ball that the person has or had.
  public static let ball = RecordType(
    "ball", plural: "balls", mergeable: true,
    [
      FieldDescription(.name, .name, required: true),
      FieldDescription(.kind, .word(Words.ballKinds)),
      FieldDescription(.firmness, .number(1...5)),
      FieldDescription(.diameterMm, .number(20...200)),
      FieldDescription(.material, .name), FieldDescription(.onRope, .flag),
      FieldDescription(.homemade, .flag), FieldDescription(.marksWall, .flag),
      FieldDescription(.setSize, .number(1...100)),
      FieldDescription(.acquired, .day), FieldDescription(.retired, .day),
      FieldDescription(.note, .text),
    ])
  /// One for each person: what devices set in it without knowing of each other is one profile, with conflicts.
  public static let profile = RecordType(
    "profile", plural: "profiles", single: true,
    [
      FieldDescription(.floorOk, .flag), FieldDescription(.preferSurface, .word(Catalogue.surfaces)),
      // Where it mostly hurts: what is meant where nothing is said.
      FieldDescription(.site, .word(Catalogue.sites)), FieldDescription(.side, .word(Catalogue.sides)),
      // When a day begins: what is written at 02:00 belongs to the day before.
      FieldDescription(.dayStart, .clock),
      FieldDescription(.zone, .name), FieldDescription(.locale, .name),
      FieldDescription(.contraindications, .map(.contraindications)),
      FieldDescription(.storeSafetyAnswers, .flag),
      // Nobody's pain: every page and picture says so, also on devices that such a journal was merged into.
      FieldDescription(.madeUp, .flag),
      FieldDescription(.note, .text),
    ])
  /// That two records which look alike are two: their pair is not listed as a duplicate any more.
  public static let distinct = RecordType(
    "distinct", plural: "distincts",
    [
      FieldDescription(.first, .reference(nil), required: true),
      FieldDescription(.second, .reference(nil), required: true),
    ])
}
