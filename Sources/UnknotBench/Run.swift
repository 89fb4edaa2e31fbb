import ArgumentParser
import Foundation

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif

/// Every measurement beside its reference, interleaved: each repetition does all steps once, every step in a process
/// of its own, and a ratio is the median of the repetitions' ratios.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs everything and prints a Markdown table.")

  @Option(help: "Records of the workload.") var records = 100_000
  @Option(help: "Repetitions.") var repetitions = 5
  @Option(help: "Records of the large journal.") var large = 1_000_000
  @Option(help: "Devices that import each other after every 10 writes; several numbers.")
  var devices: [Int] = [20, 200]
  @Option(help: "A folder in which full.sqlite, full.unknot and delta-a.unknot are left.") var keep: String?
  @Option(help: "The program itself, for the time that a whole command takes.") var program: String?

  func run() throws {
    let bench = try Bench()
    var table = Table(repetitions: repetitions, records: records)
    for mode in Mode.allCases { try workload(bench, mode, &table) }
    try table.add(command(bench))
    try table.add(largeJournal(bench))
    try table.add(largeMap(bench))
    try table.add(households(bench))
    print(table.markdown)
  }

  /// Steps on W, each beside the session extension's or the bare table's.
  private func workload(_ bench: Bench, _ mode: Mode, _ table: inout Table) throws {
    var samples = Samples()
    for repetition in 0..<repetitions {
      let place = Place(
        bench: bench, path: try bench.folder("\(mode)-\(repetition)"), mode: mode, records: records,
        isKept: keep != nil && mode == .delete && repetition == 0)
      defer { bench.remove(place.path) }
      try whole(place, &samples)
      try exchange(place, &samples)
      if mode == .delete { try sealing(place, &samples) }
    }
    table.add(samples, mode)
  }

  /// Where one repetition leaves its journals and files.
  private struct Place {
    let bench: Bench
    let path: String
    let mode: Mode
    let records: Int
    /// Some of the files are what `keep` is for.
    let isKept: Bool

    func step(_ kind: Step.Kind, _ database: String, _ more: [String] = []) throws -> [String: Double] {
      try bench.step(
        kind, "\(path)/\(database)", ["--mode", mode.rawValue, "--records", "\(records)"] + more)
    }

    func file(_ name: String) -> [String] { ["--file", "\(path)/\(name)"] }
  }

  /// All of it is written, goes into a file and comes into an empty journal.
  private func whole(_ place: Place, _ samples: inout Samples) throws {
    let bench = place.bench
    samples["bare"].append(bench.size(of: "\(place.path)/bare", try place.step(.referenceWrite, "bare")))
    samples["log"].append(try place.step(.referenceLog, "log"))
    samples["write"].append(bench.size(of: "\(place.path)/a", try place.step(.write, "a")))
    let written = try place.step(.sessionWrite, "s", place.file("s.full"))
    samples["session export"].append(bench.size(of: "\(place.path)/s.full", written))
    samples["export"].append(
      bench.size(of: "\(place.path)/a.full", try place.step(.export, "a", place.file("a.full"))))
    if place.isKept { try bench.keep(["a": "full.sqlite", "a.full": "full.unknot"], place.path, keep ?? "") }
    samples["session apply"].append(try place.step(.sessionApply, "t", place.file("s.full")))
    samples["import"].append(try place.step(.importFile, "b", place.file("a.full") + ["--name", "phone"]))
    samples["again"].append(try place.step(.importAgain, "b", place.file("a.full")))
  }

  /// Two that hold the same go on apart, and tell each other what each has edited.
  private func exchange(_ place: Place, _ samples: inout Samples) throws {
    let bench = place.bench
    // What each holds is known to the other: from here on files hold edits alone.
    _ = try place.step(.touch, "b")
    _ = try place.step(.export, "b", place.file("b.first") + ["--receiver", "laptop"])
    _ = try place.step(.importFile, "a", place.file("b.first"))
    _ = try place.step(.edits, "a", ["--device", "a"])
    _ = try place.step(.edits, "b", ["--device", "b"])
    let exchange = try [
      place.step(.export, "a", place.file("a.delta") + ["--receiver", "phone"]),
      place.step(.export, "b", place.file("b.delta") + ["--receiver", "laptop"]),
      place.step(.importFile, "a", place.file("b.delta")),
      place.step(.importFile, "b", place.file("a.delta")),
      place.step(.conflicts, "a"), place.step(.conflicts, "b"),
    ]
    samples["exchange"].append(Bench.sum(exchange))
    samples["delta"].append(bench.size(of: "\(place.path)/a.delta", exchange[0]))
    let sessions = try [
      place.step(.sessionWrite, "s", place.file("s.delta") + ["--device", "a"]),
      place.step(.sessionWrite, "t", place.file("t.delta") + ["--device", "b"]),
      place.step(.sessionApply, "s", place.file("t.delta")),
      place.step(.sessionApply, "t", place.file("s.delta")),
    ]
    samples["session exchange"].append(Bench.sum(sessions))
    samples["session delta"].append(bench.size(of: "\(place.path)/s.delta", sessions[0]))
    if place.isKept { try bench.keep(["a.delta": "delta-a.unknot"], place.path, keep ?? "") }
  }

  /// The same journal open, and then sealed.
  private func sealing(_ place: Place, _ samples: inout Samples) throws {
    let bench = place.bench
    samples["open export"].append(
      bench.size(of: "\(place.path)/open", try place.step(.export, "a", place.file("open"))))
    samples["open import"].append(
      try place.step(.importFile, "open-copy", place.file("open") + ["--name", "tablet"]))
    _ = try place.step(.seal, "a", place.file("key"))
    let folder = "\(place.path)/shared"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    samples["sealed export"].append(
      bench.size(of: "\(folder)/all.age", try place.step(.export, "a", place.file("shared/all.age"))))
    _ = try place.step(.join, "sealed-copy", place.file("key") + ["--folder", folder, "--name", "tablet"])
    samples["sealed import"].append(try place.step(.importFile, "sealed-copy", place.file("shared/all.age")))
  }

  /// What a person waits for: a whole process that logs one rating.
  private func command(_ bench: Bench) throws -> [Row] {
    guard let program else { return [] }
    var ours: [Double] = []
    var references: [Double] = []
    let place = try bench.folder("command")
    defer { bench.remove(place) }
    let journal = ["--journal", "\(place)/j.sqlite"]
    _ = try bench.seconds(program, journal + ["init", "--device", "laptop"], home: place)
    let database = "\(place)/bare.sqlite"
    let pragma = "PRAGMA synchronous = EXTRA"
    let setUp = [
      database, "CREATE TABLE pain (id INTEGER PRIMARY KEY, at INTEGER, score INTEGER, site TEXT)",
    ]
    _ = try bench.seconds("sqlite3", setUp, home: place)
    for _ in 0..<repetitions * 4 {
      ours.append(try bench.seconds(program, journal + ["pain", "5"], home: place))
      let insert = [
        "-cmd", pragma, database, "INSERT INTO pain (at, score, site) VALUES (1, 5, 'low-back')",
      ]
      references.append(try bench.seconds("sqlite3", insert, home: place))
    }
    return [
      Row(
        "`unknot pain 5`, whole process", ours: ours, references: references, bar: 1.8,
        reference: "`sqlite3` inserts a row")
    ]
  }

  /// What must not grow with the journal: a large one beside one of a hundredth.
  private func largeJournal(_ bench: Bench) throws -> [Row] {
    var samples = Samples()
    let sizes = ["large": large, "small": large / 100]
    let place = try bench.folder("large")
    defer { bench.remove(place) }
    func step(
      _ kind: Step.Kind, _ name: String, _ records: Int, _ more: [String] = [], _ file: String? = nil
    ) throws -> [String: Double] {
      try bench.step(
        kind, "\(place)/\(name)",
        ["--mode", "delete", "--records", "\(records)"] + more
          + (file.map { ["--file", "\(place)/\($0)"] } ?? []))
    }
    for (name, records) in sizes {
      _ = try step(.write, "\(name)-a", records)
      _ = try step(.export, "\(name)-a", records, [], "\(name).full")
      let imported = try step(.importFile, "\(name)-b", records, ["--name", "phone"], "\(name).full")
      samples["import \(name)"].append(imported)
      _ = try step(.touch, "\(name)-b", records)
      _ = try step(.export, "\(name)-b", records, ["--receiver", "laptop"], "\(name).first")
      _ = try step(.importFile, "\(name)-a", records, [], "\(name).first")
    }
    for repetition in 0..<repetitions {
      for (name, records) in sizes {
        let file = "\(name).\(repetition)"
        _ = try step(.add, "\(name)-a", records + repetition * 1000)
        samples["export \(name)"].append(
          try step(.export, "\(name)-a", records, ["--receiver", "phone"], file))
        samples["delta \(name)"].append(try step(.importFile, "\(name)-b", records, [], file))
        samples["list \(name)"].append(try step(.list, "\(name)-b", records))
        // So that the next file holds the next 1,000 alone.
        _ = try step(.touch, "\(name)-b", records)
        _ = try step(.export, "\(name)-b", records, ["--receiver", "laptop"], file + ".back")
        _ = try step(.importFile, "\(name)-a", records, [], file + ".back")
      }
    }
    let reference = "the same with \(large / 100)"
    func row(_ title: String, _ name: String, _ bar: Double) -> Row {
      Row(
        title, ours: samples["\(name) large"].seconds, references: samples["\(name) small"].seconds, bar: bar,
        reference: reference)
    }
    return [
      row("import of 1,000 changes into \(large)", "delta", 1.5),
      row("export of 1,000 changes out of \(large)", "export", 1.5),
      row("`list --limit 20` out of \(large), 100 times", "list", 3),
      Row(
        "memory, import of \(large), MB", figures: samples["import large"].values("peak").map { $0 / 1024 },
        bar: 64,
        reference: "session extension: 100"),
    ]
  }

  /// A record that says a great deal.
  private func largeMap(_ bench: Bench) throws -> [Row] {
    let place = try bench.folder("map")
    defer { bench.remove(place) }
    let mode = ["--mode", "delete", "--file", "\(place)/keys.unknot"]
    let keys = large / 10
    _ = try bench.step(.keys, "\(place)/a", mode + ["--records", "\(keys)"])
    _ = try bench.step(.export, "\(place)/a", mode)
    let taken = try bench.step(.importFile, "\(place)/b", mode + ["--name", "phone"])
    return [
      Row(
        "import of \(keys) keys of one map, s", figures: [taken["seconds"] ?? .nan], bar: nil, reference: "")
    ]
  }

  /// The price of causality: many devices that know each other.
  private func households(_ bench: Bench) throws -> [Row] {
    let pair = try Household.bytesPerChange(devices: 2)
    var rows = [
      Row("2 devices, bytes a change in a full file", figures: [pair.file], bar: nil, reference: ""),
      Row("2 devices, bytes a change on disk", figures: [pair.disk], bar: nil, reference: ""),
    ]
    for count in devices {
      let many = try Household.bytesPerChange(devices: count)
      let bar: Double? = count == 20 ? 1.5 : nil
      rows.append(
        Row(
          "\(count) devices, bytes a change in a full file", ours: [many.file], references: [pair.file],
          bar: bar,
          reference: "2 devices", unit: "B"))
      rows.append(
        Row(
          "\(count) devices, bytes a change on disk", ours: [many.disk], references: [pair.disk], bar: bar,
          reference: "2 devices", unit: "B"))
    }
    return rows
  }
}
