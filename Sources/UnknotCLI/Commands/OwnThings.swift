import ArgumentParser
import UnknotKit
import UnknotReport

struct BallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ball", abstract: "The balls that you have.",
    subcommands: [Add.self, Listing.self, Retire.self])

  struct Add: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add a ball.",
      discussion: "Fields: kind firmness diameter_mm material on_rope homemade marks_wall set_size note. "
        + "Which ball is good for what: unknot help balls.")
    @Argument var name: String
    @Argument(help: "FIELD=VALUE, as in on_rope=yes.") var fields: [String] = []
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.addBall(name, fields)
      RecordText(context).written("added", written)
      if let hint = written.records.first.flatMap(Self.hint) { Message.note("hint: \(hint)") }
    }

    /// One thing alone, whatever else could be said: a person who adds a ball wants no lecture.
    private static func hint(_ ball: JournalRecord) -> String? {
      if ball[.marksWall].isTrue { return "choose a place on the wall where marks do not matter" }
      let isSoft = ball[.firmness].integer.map { $0 <= 2 } ?? (ball[.kind].text == "tennis")
      if isSoft { return "a soft ball gives way; a firm one of rubber stays where you put it" }
      if ball[.onRope].isTrue { return nil }
      return "at the wall, a rope or a long sock keeps the ball from falling: unknot help balls"
    }
  }

  struct Listing: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List balls.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      var isEmpty = true
      try context.journal.list(RecordType.ball.plural) { balls in
        try RecordText(context).list(balls, .ball)
        try balls.each { _ in isEmpty = false }
      }
      if isEmpty { Message.note("hint: a lacrosse ball in a long clean sock is enough: unknot help balls") }
    }
  }

  struct Retire: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Retire a ball.")
    @Argument(help: "Its name or id.", completion: Completions.balls) var ball: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("retired", try context.journal.retireBall(ball))
    }
  }
}

struct SpotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spot", abstract: "Tender spots that you have found, for the next time.",
    subcommands: [Add.self, Listing.self, Retire.self])

  struct Add: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remember a tender spot.",
      discussion:
        "Fields: sub_zone landmark map_x map_y felt_in found_on note; felt_in=hip,thigh says where it is felt. "
        + "Finding a spot takes practice; once it is kept here, you know it the next time."
    )
    @Argument(help: "TARGET[/SIDE].", completion: Completions.targets) var target: String
    @Option(help: "What you call it.") var label: String?
    @Argument(help: "FIELD=VALUE.") var fields: [String] = []
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("added", try context.journal.addSpot(target, label: label, fields))
    }
  }

  struct Listing: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List tender spots.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try context.journal.list(RecordType.spot.plural) { try RecordText(context).list($0, .spot) }
    }
  }

  struct Retire: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Say that a spot is not tender any more.")
    @Argument(completion: Completions.ids) var id: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written("retired", try context.journal.retireSpot(id))
    }
  }
}

struct Tag: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add and remove tags of a record; without a record, list the tags in use.")
  @Argument(completion: Completions.ids) var id: String?
  @Argument(parsing: .allUnrecognized, help: "+TAG adds, -TAG removes.") var tags: [String] = []
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    guard let id else {
      let used = try context.journal.tags()
      let items = used.map {
        JSONValue.object([("tag", .string($0.tag)), ("count", .integer(Int64($0.count)))])
      }
      context.output.list(items, columns: ["tag", "count"]) {
        context.output.table(
          [Table.Column("tag"), Table.Column("used")], used.map { [$0.tag, String($0.count)] })
      }
      return
    }
    RecordText(context).written("tagged", try context.journal.tag(id, tags))
  }
}

struct ProfileCommand: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "What suits you, and what the ball must not be pressed into.",
    discussion: "Fields: floor_ok prefer_surface day_start store_safety_answers note, and "
      + "contraindications/ITEM[/PLACE[/SIDE]]=DAY, as in contraindications/fracture/low-back=2026-05-14.")
  @Argument(help: "FIELD=VALUE; without any, the profile is shown.") var fields: [String] = []
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    guard fields.isEmpty else {
      return RecordText(context).written("changed", try context.journal.editProfile(fields))
    }
    let record = try context.journal.profileRecord()
    context.output.list(record.map { [$0.json] } ?? []) {
      guard let record else {
        return Message.note("nothing is set: the floor counts as fine, a day begins at 04:00")
      }
      RecordText(context).details(record)
    }
  }
}
