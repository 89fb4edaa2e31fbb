import Foundation
import UnknotCLI
import UnknotKit

/// The program under a clock that stands still: `UnknotAt "2026-05-14 06:00:00" list pain`. The time is one of the zone
/// that TZ names. For tests: `unknot` itself has no switch for it.
@main
enum Main {
  static func main() {
    guard CommandLine.argc >= 2, let pointer = CommandLine.unsafeArgv[1],
      let text = String(validatingCString: pointer), let time = milliseconds(text)
    else {
      let message = "error: the first argument is the time: YYYY-MM-DD hh:mm:ss\n"
      FileHandle.standardError.write(Data(message.utf8))
      exit(2)
    }
    Program.main(skipping: 1, environment: StoppedClock(time: time))
  }

  private static func milliseconds(_ text: String) -> Int64? {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .current
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    return formatter.date(from: text).map { Int64($0.timeIntervalSince1970) * 1000 }
  }
}

private struct StoppedClock: ReplicaEnvironment {
  let time: Int64
  func now() -> Int64 { time }
  func randomBytes(_ count: Int) -> [UInt8] { SystemEnvironment().randomBytes(count) }
}
