import Foundation
import TestSupport
import Testing

/// The disk of a laptop dies. Left are another device, yesterday's backup, and a folder with files for other devices: the
/// words of `Schema/failures.md`.
@Suite struct DrillTests {
  @Test func aDiskDies() throws {
    let place = try Workplace()
    func make(_ name: String) throws {
      try FileManager.default.createDirectory(atPath: place.path(name), withIntermediateDirectories: true)
    }
    try make("stick")
    try make("shared")
    try make("laptop")
    try make("other")
    let laptop = ["XDG_STATE_HOME": place.path("laptop/state")]
    let other = ["XDG_STATE_HOME": place.path("other/state")]
    @discardableResult func onLaptop(_ words: String...) throws -> Outcome {
      let outcome = try place.run("laptop/journal", words, environment: laptop)
      #expect(outcome.status == 0 || outcome.status == 5, "\(words): \(outcome)")
      return outcome
    }
    @discardableResult func onOther(_ words: String...) throws -> Outcome {
      let outcome = try place.run("other/journal", words, environment: other)
      #expect(outcome.status == 0 || outcome.status == 5, "\(words): \(outcome)")
      return outcome
    }

    try onLaptop("init", "--device", "laptop")
    for score in 0..<8 { try onLaptop("pain", "\(score)", "--at", "2026-05-0\(score + 1) 18:00") }
    try onLaptop("sync", "export", "-o", "shared/1.unknot")
    try onLaptop("backup", "stick/backup.sqlite")
    try onOther("init", "--device", "phone")
    try onOther("sync", "import", "shared")
    try onOther("log", "--bout", "ql/left:45s@wall", "--before", "6", "--at", "2026-05-10 20:00")
    try onOther("sync", "export", "-o", "shared/2.unknot")
    // After the backup was made.
    try onLaptop("sync", "import", "shared")
    try onLaptop("pain", "4", "--at", "2026-05-11 18:00")
    try onLaptop("sync", "export", "-o", "shared/3.unknot")
    let last = try onLaptop("sync", "digest").output

    try FileManager.default.removeItem(atPath: place.path("laptop"))
    try make("laptop")

    let rescued = try onLaptop("rescue", "stick/backup.sqlite", "shared", "-o", "rescued.sqlite")
    #expect(rescued.output.hasSuffix("nothing is known to be missing\n"), "\(rescued)")
    #expect(try place.run("rescued", ["verify", "--deep"], environment: laptop).status == 0)
    try onLaptop("restore-backup", "rescued.sqlite")
    #expect(try onLaptop("sync", "digest").output == last)
    try onLaptop("pain", "2", "--at", "2026-05-12 18:00")
    try onLaptop("sync", "export", "-o", "shared/news.unknot")
    try onOther("sync", "import", "shared")
    #expect(try onOther("sync", "digest").output == onLaptop("sync", "digest").output)
    // What this machine noted is gone with the disk: it is another device, of the same name, which others are told.
    let devices = try place.run("other/journal", ["sync", "status", "--format", "json"], environment: other)
    #expect(devices.output.components(separatedBy: "\"name\"").count == 3, "\(devices.output) \(rescued)")
  }
}
