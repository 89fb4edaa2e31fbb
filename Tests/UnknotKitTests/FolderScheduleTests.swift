import Testing
import UnknotKit

@Suite struct FolderScheduleTests {
  /// When rounds are begun, by the second, where the folder changes and the journal is written to at these seconds.
  private func rounds(folder: [Int64] = [], journal: [Int64] = [], until end: Int64) -> [Int64] {
    var schedule = FolderSchedule()
    var rounds: [Int64] = []
    for second in 0...end {
      if folder.contains(second) { schedule.folderHasChanged(at: second * 1000) }
      if journal.contains(second) { schedule.journalWasWritten(at: second * 1000) }
      if schedule.isDue(at: second * 1000) {
        schedule.roundBegins(at: second * 1000)
        rounds.append(second)
      }
    }
    return rounds
  }

  @Test func atOnceAndThenNowAndThen() { #expect(rounds(until: 1250) == [0, 600, 1200]) }

  @Test func onceTheFolderIsQuiet() {
    #expect(rounds(folder: [10], until: 100) == [0, 12])
    #expect(rounds(folder: [10, 11, 12, 13, 20], until: 100) == [0, 15, 22])
  }

  @Test func aWhileAfterTheLastWrite() {
    #expect(rounds(journal: [10], until: 100) == [0, 30])
    #expect(rounds(journal: [10, 25, 40], until: 100) == [0, 60])
    // Somebody who writes all the time is not waited for.
    #expect(rounds(journal: Array(10...400), until: 400) == [0, 130, 251, 372])
    #expect(rounds(folder: [15], journal: [10], until: 100) == [0, 17])
  }
}
