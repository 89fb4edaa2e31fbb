import Foundation
import Testing

@testable import UnknotKit

/// A zip is read as the folder that it would be unpacked into, or refused with nothing taken.
@Suite struct ZipImportTests {
  private let household: Household
  private let journal: Journal
  private let folder: String

  init() throws {
    household = try Household()
    journal = try household.device("phone")
    folder = household.folder + "/export"
    for (name, text) in [
      "Habits.csv": "Position,Name,Type\n001,Back pain,NUMERICAL\n002,\"Tea, green\",YES_NO\n",
      "Checkmarks.csv":
        "Date,Back pain,Tea, green,\n2026-05-03,4000,YES_MANUAL,\n2026-05-02,NO,NO,\n2026-05-01,7000,YES_MANUAL,\n",
      "Scores.csv": String(repeating: "0.123,", count: 5000),
      "001 Back pain/Checkmarks.csv": "Date,Value,Notes\n2026-05-03,4000,\"bad \u{e9}\"\n",
      "002 Tea green/Checkmarks.csv": "Date,Value,Notes\n2026-05-03,YES_MANUAL,\n",
    ] {
      let path = "\(folder)/\(name)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
  }

  /// Made by somebody else's writer: `z` is the zip, `folder` what goes into it.
  private func make(_ script: String, _ name: String = "export.zip") throws -> String {
    let path = "\(household.folder)/\(name)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import os, sys, zipfile
      path, folder = sys.argv[1:]
      names = sorted(os.path.relpath(os.path.join(d, f), folder) for d, _, fs in os.walk(folder) for f in fs)
      z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
      \(script)
      z.close()
      """, path, folder,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return path
  }

  private static let all = "for n in names: z.write(os.path.join(folder, n), n)"

  private func take(_ journal: Journal, _ path: String) throws -> RecordImportResult {
    var options = ImportOptions()
    options.acceptsGuesses = true
    return try journal.importRecords(path, options)
  }

  private func content(_ journal: Journal) throws -> [String] {
    try ["pain", "factors"].flatMap { plural in
      try journal.list(plural).map { record in
        record.fields.map { "\($0.name) \($0.value.json.compact)" }.joined(separator: " ")
      }
    }.sorted()
  }

  @Test(arguments: [
    all, "z = zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED)\n" + all,
    "for n in names: z.write(os.path.join(folder, n), 'Loop/' + n)",
    "z.writestr('001 Back pain/', '')\n" + all + "\nz.comment = b'PK\\x05\\x06 a comment'",
    // Without a place to go back to, sizes stand after each file, as Java's writer has it.
    """
    class Stream:
      def __init__(self, f): self.f = f
      def write(self, b): return self.f.write(b)
      def flush(self): self.f.flush()
    z = zipfile.ZipFile(Stream(open(path, 'wb')), 'w', zipfile.ZIP_DEFLATED)
    """ + "\n" + all,
  ]) func aZipIsItsFolder(_ script: String) throws {
    let other = try household.device("other")
    let unpacked = try take(other, folder)
    let zipped = try take(journal, try make(script))
    #expect(zipped.json == unpacked.json && zipped.addedCount == 5 && zipped.isTaken)
    #expect(try content(journal) == (try content(other)))
    #expect(try take(journal, folder).known == 5)
    // What it is, is in its bytes and not in its name.
    #expect(try take(journal, try make(script, "export.bin")).known == 5)
  }

  /// The zip's own name is the folder's.
  @Test func aHabitsOwnFolderAsAZip() throws {
    let script = "z.write(folder + '/001 Back pain/Checkmarks.csv', 'Checkmarks.csv')"
    #expect(try take(journal, try make(script, "001 Back pain.ZIP")).mapping == ["Back pain: pain low-back"])
    _ = try failure(.invalidValue) { try take(journal, try make(script, "x.zip")) }
  }

  @Test func ownTablesAndOneFileInAZip() throws {
    let tables = household.folder + "/tables"
    try FileManager.default.createDirectory(atPath: tables, withIntermediateDirectories: true)
    let row =
      "id,type,recorded_at,at,score,site\r\nx-1,pain,2026-05-01T08:00Z,2026-05-01T08:00Z,4,low-back\r\n"
    try row.write(toFile: tables + "/pain.csv", atomically: false, encoding: .utf8)
    try "id,type,recorded_at,at,kind\r\n".write(
      toFile: tables + "/factors.csv", atomically: false, encoding: .utf8)
    let zip = try make("for n in ['pain.csv', 'factors.csv']: z.write(folder + '/../tables/' + n, n)")
    #expect(try journal.importRecords(zip).addedCount == 1)
    #expect(try journal.importRecords(try make("z.write(folder + '/../tables/pain.csv', 'p')")).known == 1)
    let json = try make("z.writestr('all.json', '{\"records\":[]}')")
    #expect(try journal.importRecords(json).isTaken)
  }

  // MARK: Refused

  private func refuses(_ path: String, _ kind: KitError.Kind? = nil, _ words: String = "") throws {
    let digest = try journal.digest().digest
    let error = #expect(throws: KitError.self) { try take(journal, path) }
    #expect(kind == nil || error?.kind == kind, "\(error?.message ?? "")")
    let text = "\(error?.message ?? "") \(error?.cause ?? "")"
    #expect(words.isEmpty || text.contains(words), "\(text)")
    #expect(try journal.digest().digest == digest)
  }

  @Test func everyTruncationIsRefused() throws {
    let path = try make("names = [n for n in names if n != 'Scores.csv']\n" + Self.all)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try take(journal, path).addedCount == 5)
    for length in bytes.indices {
      try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
      try refuses(path)
    }
  }

  /// A bit that is another one makes an error, or changes nothing that is taken.
  @Test func everyFlippedByteIsHarmless() throws {
    let path = try make("names = [n for n in names if n != 'Scores.csv']\n" + Self.all)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let whole = try ZipArchive(bytes, "z").files
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= UInt8(1 << (index % 8))
      guard let files = try? ZipArchive(damaged, "z").files else { continue }
      // Only names and times are not covered by a sum; a name in two places is compared.
      #expect(files == whole, "byte \(index)")
    }
  }

  @Test(arguments: [
    ("z.writestr('../Checkmarks.csv', 'x')", "not a path"),
    ("z.writestr('/Checkmarks.csv', 'x')", "not a path"),
    ("z.writestr('a//b', 'x')", "not a path"), ("z.writestr('a/./b', 'x')", "not a path"),
    ("z.writestr('a\\\\b', 'x')", "not a path"), ("z.writestr('a\\nb', 'x')", "not a path"),
    ("z.writestr('a', 'x'); z.writestr('a/b', 'x')", "folder too"),
    ("z.writestr('a', 'x'); z.writestr('a', 'y')", "twice"),
    ("i = zipfile.ZipInfo('a'); i.external_attr = 0xa1ff << 16; z.writestr(i, 'b')", "link"),
    ("z = zipfile.ZipFile(path, 'w', zipfile.ZIP_BZIP2); z.writestr('a', 'x')", "deflate"),
    ("z.open(zipfile.ZipInfo('a'), 'w', force_zip64=True).close()", ""),
    ("[z.writestr(str(i), '') for i in range(1001)]", "1000 files"),
    ("[z.writestr(str(i), '') for i in range(65536)]", "zip64"),
    ("[z.writestr(str(i), bytes(1 << 24)) for i in range(5)]", "64 MB"),
    ("z.writestr('a', bytes((64 << 20) + 1))", "64 MB"),
  ]) func whatIsUnusualIsRefused(_ script: String, _ words: String) throws {
    try refuses(try make(script), nil, words)
  }

  /// Numbers that lie, in the directory of an archive of one file.
  @Test(
    arguments: [
      (8, [1, 0], "encrypted"), (8, [0x40, 0], "encrypted"), (20, [0xff, 0xff, 0xff, 0xff], "zip64"),
      (24, [0xff, 0xff, 0xff, 0xff], "zip64"), (24, [0xff, 0xff, 0xff, 0x7f], "64 MB"),
      (24, [4, 0, 0, 0], "damaged"), (24, [6, 0, 0, 0], "damaged"), (16, [0, 0, 0, 0], "damaged"),
      (20, [0xff, 0, 0, 0], "where it should be"), (42, [1, 0, 0, 0], "where it should be"),
      (42, [0xff, 0xff, 0xff, 0x7f], "where it should be"), (10, [0, 0], "damaged"), (10, [9, 0], "deflate"),
      (28, [0, 0], "UTF-8"), (28, [0xff, 0xff], "cut off"), (30, [1, 0], "cut off"), (34, [1, 0], "several"),
      (46, [0xff], "UTF-8"), (46, [0x62], "where it should be"),
    ] as [(Int, [UInt8], String)]) func aDirectoryThatLies(_ offset: Int, _ bytes: [UInt8], _ words: String)
    throws
  {
    let path = try make("z.writestr('a', 'xxxxx')")
    var archive = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let start = Int(archive[archive.count - 6]) | Int(archive[archive.count - 5]) << 8
    archive.replaceSubrange(start + offset..<start + offset + bytes.count, with: bytes)
    try Data(archive).write(to: URL(fileURLWithPath: path))
    try refuses(path, nil, words)
  }

  /// Two names for the same bytes: what unpacks to more than it is.
  @Test func filesThatShareBytesAreRefused() throws {
    let path = try make(
      "z.writestr('a', 'x'); i = z.infolist()[0]; import copy; j = copy.copy(i); z.filelist.append(j); z._didModify = True"
    )
    try refuses(path, .fileDamaged)
  }

  /// One file within another: each of them is whole, and the bytes of the inner one are counted twice.
  @Test func aFileWithinAnotherIsRefused() throws {
    let path = try make(
      "import copy, zlib; inner = b'PK\\x03\\x04' + bytes(22) + b'\\x01\\x00\\x00\\x00' + b'bx'; "
        + "z.writestr('a', inner, 0); i = z.infolist()[0]; j = copy.copy(i); j.filename = j.orig_filename = 'b'; "
        + "j.header_offset += 31; j.file_size = j.compress_size = 1; j.CRC = zlib.crc32(b'x'); "
        + "z.filelist.append(j); z._didModify = True")
    try refuses(path, .fileDamaged, "share bytes")
  }
}
