import ArgumentParser
import UnknotKit

struct Duplicates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dupes", abstract: "What two devices probably recorded twice.",
    subcommands: [Listing.self, Merge.self, Dismiss.self], defaultSubcommand: Listing.self)

  struct Listing: JournalCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List pairs that look like one thing.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let text = RecordText(context)
      try context.journal.duplicates { pairs in
        try context.output.list(pairs, columns: ["first", "second"], \.json) {
          var (count, same) = (0, 0)
          try pairs.each {
            count += 1
            if $0.hasSameOrigin { same += 1 }
          }
          guard count > 0 else { return Message.note("no probable duplicates") }
          if same > 0 {
            Message.note("\(counted(same, "pair")) of one origin: unknot dupes merge --same-origin")
          }
          try pairs.each { pair in
            for record in [pair.first, pair.second] {
              context.output.line("\(text.describe(record))  [\(record.shortID)]  \(record.device)")
            }
            context.output.line("  unknot dupes merge \(pair.first.shortID) \(pair.second.shortID)")
          }
        }
      }
    }
  }

  struct Merge: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep the first, take from the second what it lacks, and remove the second.")
    @Argument(help: "The id of the record that stays.") var kept: String?
    @Argument(help: "The id of the record that goes.") var other: String?
    @Flag(help: "Every pair that comes from the same record, imported or copied twice.")
    var sameOrigin = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let text = RecordText(context)
      switch (kept, other, sameOrigin) {
      case (nil, nil, true):
        text.written(
          "merged", try context.journal.mergeSameOrigin(), nothing: "no two records have one origin")
      case (.some(let kept), .some(let other), false):
        text.written("merged", try context.journal.mergeDuplicates(kept, other))
      default: throw KitError(.usage, "say two ids, or --same-origin alone")
      }
    }
  }

  struct Dismiss: JournalCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say that the two differ: the pair is not listed again, on any device.")
    @Argument(help: "The id of the one.") var first: String
    @Argument(help: "The id of the other.") var second: String
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      RecordText(context).written(
        "dismissed", try context.journal.dismissDuplicate(first, second), nothing: "it was dismissed already")
    }
  }
}
