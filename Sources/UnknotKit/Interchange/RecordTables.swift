import UnknotEngine

/// `Schema/records.sql`: the tables and views of all kinds of records, with what their columns hold.
public enum RecordTables {
  /// Statements and comments; a test compares the file with them.
  public static var text: String {
    let head = """
      -- The tables of all kinds of records and the views for people, as the program makes them: written by it from the
      -- declarations in Sources/UnknotKit (RecordType), not by hand. All of them are derived from the log: what anything
      -- else writes to them is ignored, and lost when they are rebuilt.
      --
      -- Tables: id is the key of the change that created the record (line << 40 | depth), parent the key of the record that it
      -- belongs to; present is 1 unless it was removed (its parent may be); complete is 1 where the row and `member` say all
      -- that its fields hold, 0 where another version of the program wrote more. Times are in milliseconds since 1970 UTC,
      -- with their minutes east of UTC beside them; days are counted from 1970-01-01; times of day are minutes after midnight;
      -- references are ids; sets and maps are in `member` (migrations/0004_tables.sql).
      -- Views: what is visible, with ids, times and days as the program prints them, the name of the device on which the
      -- record was made, sets as JSON arrays and maps as JSON objects. Of a field in conflict they show the value that the
      -- program shows; the view `conflict` lists which fields those are. `key`, and the other columns that end in it, are
      -- ids of the tables: join views by them; they mean something in this journal only.

      """
    return head + "\n"
      + (RecordType.all.map(text) + [RecordKind.conflictView + ";\n"]).joined(separator: "\n")
  }

  private static func text(_ type: RecordType) -> String {
    let fields = type.fields.filter { !$0.isParent }.map { "--   \($0.name): \(explanation($0))\n" }
    let parent = type.parentName.map {
      "--   \(type.schema.parentName ?? "parent"): the \($0) that it belongs to\n"
    }
    return "-- \(type.name)\n" + (parent ?? "") + fields.joined()
      + type.schema.definition.map { "\($0);\n" }.joined()
  }

  private static func explanation(_ field: FieldDescription) -> String {
    switch field.kind {
    case .time: "a time"
    case .day: "a day"
    case .localDay: "the day that its time belongs to, as it was when that was written"
    case .clock: "a time of day"
    case .duration: "seconds"
    case .rating: "0 to 10"
    case .score: "0 to 10; 0 to 100 where the record says that it is on that scale"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .decimal: "a number with decimals, as its text"
    case .text: "a text"
    case .name: "a short text"
    case .word(let list): "one of \(list.words.joined(separator: ", "))"
    case .flag: "1 or 0"
    case .reference(let type): "the \(type ?? "record") that it names"
    case .order: "puts the records of one parent in order, as bytes"
    case .set(let list): list.map { "any of \($0.words.joined(separator: ", "))" } ?? "any words"
    case .map: "values under keys"
    }
  }
}
