import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotKit
import UnknotStorage

/// What a newer program wrote, on this program's screen. What is kept and passed on is tested in Kit.
@Suite struct MixedVersionTests {
  @Test func whatIsUnknownIsShown() throws {
    let place = try Workplace()
    let newer = try Store(
      path: nil, tables: [RecordKind(name: "pain", timeField: "at"), RecordKind(name: "wheel")],
      deviceName: "tablet", environment: TestEnvironment(now: 1_778_774_400_000), notes: nil)
    let records = try newer.write("create") { writer in
      [
        try writer.create(
          "pain", parent: nil,
          [
            FieldName("at"): .time(milliseconds: 1_778_774_400_000, offsetMinutes: 120),
            FieldName("score"): .integer(6), FieldName("site"): .text("low-back"),
            FieldName("weather"): .text("rain\u{1b}[31m"),
          ]),
        try writer.create("wheel", parent: nil, [FieldName("firmness"): .integer(3)]),
      ]
    }
    let file = try #require(
      try Synchronizer(store: newer).export(to: .folder(place.folder), for: .everyone, full: true).file)
    #expect(try place.run("a", ["sync", "import", file]).status == 0)

    let pain = try place.object("a", ["show", records[0].description])
    #expect(pain["unknown"] as? [String: String] == ["weather": "rain\u{1b}[31m"])
    let shown = try place.run("a", ["show", records[0].description])
    #expect(shown.status == 0 && shown.output.contains("  weather: rain\\u{1b}[31m\n"))
    let csv = try place.run("a", ["list", "pain", "--format", "csv"]).output
    #expect(csv.split(separator: "\r\n")[0].hasSuffix(",unknown"))
    let wheel = try place.run("a", ["show", records[1].description])
    #expect(wheel.status == 0 && wheel.output.contains("  firmness: 3\n"))

    let refused = try place.run("a", ["edit", records[1].description, "firmness=4"])
    #expect(refused.status == 4 && refused.output.isEmpty)
    #expect(refused.errors.hasPrefix("error: records of type wheel come from a newer program\nhint: "))
    #expect(try place.run("a", ["rm", records[1].description]).status == 0)
    #expect(try place.run("a", ["undo"]).status == 0)
  }
}
