import Crypto
import Foundation
import TestSupport
import Testing

@testable import UnknotSealing

/// The files of C2SP/CCTV's age testkit: each says what must come of it.
@Suite struct AgeVectorTests {
  private static let folder = Repository.root.appending(path: "../shared/vectors/age")
  private static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []

  @Test func allAreThere() throws {
    guard FileManager.default.fileExists(atPath: Self.folder.path) else { return }
    #expect(Self.names.count == 143)
  }

  @Test(.enabled(if: !names.isEmpty, "without ../shared/vectors"), arguments: names)
  func whatMustComeOfIt(name: String) throws {
    let vector = try Vector(Data(contentsOf: Self.folder.appending(path: name)))
    var opened: [UInt8] = []
    var failure: AgeError?
    do {
      var file = vector.file[...]
      var reader = try AgeReader(
        { count in
          defer { file = file.dropFirst(count) }
          return Array(file.prefix(count))
        }, keys: vector.keys)
      while let chunk = try reader.next() { opened += chunk }
    } catch let error as AgeError {
      failure = error
    }
    if vector.keys.isEmpty || name.contains("hybrid") && vector.expect != "header failure" {
      // Keys of post-quantum hybrids are not this program's: refused by their name.
      #expect(
        failure == .unsupported("mlkem768x25519") || failure == .noKeyMatches || vector.expect != "success")
      #expect(failure != nil)
      return
    }
    switch (vector.expect, failure) {
    case ("success", nil), ("no match", .noKeyMatches), ("HMAC failure", .headerNotAuthentic),
      ("payload failure", .payloadNotAuthentic), ("payload failure", .incomplete),
      ("header failure", .malformedHeader), ("header failure", .notAge), ("header failure", .incomplete),
      ("armor failure", .malformedArmor), ("armor failure", .notAge), ("armor failure", .incomplete):
      break
    default: Issue.record("\(vector.expect): \(String(describing: failure))")
    }
    if let payload = vector.payload {
      // What was given before something was found to be wrong is authentic.
      #expect(SHA256.hash(data: opened).map { String(format: "%02x", $0) }.joined() == payload)
    }
  }
}

private struct Vector {
  var expect = ""
  var payload: String?
  var keys: [AgeKey] = []
  var file: [UInt8] = []

  init(_ data: Data) throws {
    let bytes = Array(data)
    var place = 0
    var isCompressed = false
    while true {
      let end = try #require(bytes[place...].firstIndex(of: UInt8(ascii: "\n")))
      let line = String(decoding: bytes[place..<end], as: UTF8.self)
      place = end + 1
      if line.isEmpty { break }
      let colon = try #require(line.range(of: ": "))
      let value = String(line[colon.upperBound...])
      switch line[..<colon.lowerBound] {
      case "expect": expect = value
      case "payload": payload = value
      case "identity": if let identity = AgeIdentity(value) { keys.append(.identity(identity)) }
      case "passphrase": keys.append(.passphrase(value))
      case "compressed": isCompressed = value == "zlib"
      default: break
      }
    }
    file = isCompressed ? try Self.inflated(bytes[place...]) : Array(bytes[place...])
  }

  private static func inflated(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sys, zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))",
    ]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let writing = Thread { [data = Data(bytes)] in
      try? input.fileHandleForWriting.write(contentsOf: data)
      try? input.fileHandleForWriting.close()
    }
    writing.start()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return Array(data)
  }
}
