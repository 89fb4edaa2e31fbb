import UnknotKit
import UnknotPlatform

/// What a terminal shows of an export or an import that takes longer than a second: one line that is written over and
/// goes away at the end. Ctrl-C takes everything back before it ends the program.
final class ProgressLine {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var shown: ContinuousClock.Instant?
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let interruption = Interruption()

  init() { start = clock.now }

  /// Of something whose end is not known before.
  func report(records count: Int) throws(KitError) {
    guard let seconds = try due() else { return }
    write("\(count) records, \(Int(Double(count) / seconds)) a second")
  }

  /// How many seconds it has taken, where it is time to show something.
  private func due() throws(KitError) -> Double? {
    if Interruption.received != 0 { throw KitError(.interrupted, "interrupted: nothing was changed") }
    let now = clock.now
    guard isTerminal, now - start > .seconds(1), shown.map({ now - $0 > .milliseconds(200) }) ?? true else {
      return nil
    }
    shown = now
    return (now - start) / .seconds(1)
  }

  func report(_ progress: JournalProgress) throws(KitError) {
    guard let seconds = try due(), progress.total > 0 else { return }
    let rate = Double(progress.done) / seconds
    let left = rate > 0 ? Int((Double(progress.total - progress.done) / rate).rounded(.up)) : 0
    let percent = progress.done * 100 / progress.total
    write(
      "\(percent) %, \(progress.done) of \(progress.total) changes, \(Int(rate)) a second, "
        + "\(left < 60 ? "\(left) s" : "\(left / 60) min \(left % 60) s") left")
  }

  /// Takes the line away, and lets signals do what they did.
  func close() {
    if shown != nil { write("") }
    shown = nil
    interruption.close()
  }

  private func write(_ text: String) {
    _ = Descriptor.write("\r\u{1b}[K\(text)", to: STDERR_FILENO)
  }
}
