import Foundation
import Testing

@Suite struct VerifyTests {
  @Test func aBrokenTableIsToldAndMended() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00", "--tag", "wet"])
    let whole = Outcome(
      status: 0, output: "the file is whole, and its tables say what the log says\n", errors: "")
    #expect(try place.run("a", ["verify"]) == whole)
    #expect(try place.run("a", ["verify", "--format", "json"]).output == "[]\n")
    let listed = try place.run("a", ["list", "pain"])

    try place.sqlite("a", "UPDATE record_pain SET score = 9; DELETE FROM member")
    let before = try place.bytes("a.sqlite")
    let found = try place.run("a", ["verify"])
    #expect(found.status == 7)
    let lines = found.output.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
    #expect(lines == ["record_pain", "member"])
    #expect(found.errors.hasPrefix("error: the journal is not as it should be\n"))
    #expect(found.errors.contains("verify --mend"))
    #expect(try place.bytes("a.sqlite") == before, "looking changes nothing")

    #expect(try place.run("a", ["verify", "--mend"]) == whole)
    #expect(try place.run("a", ["list", "pain"]) == listed)
    try place.sqlite("a", "DROP TABLE record_pain")
    #expect(try place.run("a", ["verify"]).status == 7)
    #expect(try place.run("a", ["verify", "--mend"]) == whole)
    #expect(try place.run("a", ["list", "pain"]) == listed)
  }
}
