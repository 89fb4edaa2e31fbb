import Testing
import UnknotKit

/// Whoever takes back an import hears that it goes from the other devices as well; nobody else hears it.
@Suite struct UndoneImportTests {
  @Test func onlyTheUndoOfAnImportIsWarnedOf() throws {
    let household = try Household()
    let (phone, laptop) = (try household.device("phone"), try household.device("laptop"))
    _ = try phone.ratePain(4)
    try household.carry(phone, laptop)

    let undone = try laptop.undo()
    #expect(undone.records.count == 1)
    #expect(undone.notices.map(\.level) == [.warning] && undone.notices[0].text.names(.redo))
    #expect(try laptop.list("pain").isEmpty)
    #expect(try laptop.redo().notices.isEmpty)
    #expect(try laptop.list("pain").count == 1)

    _ = try laptop.ratePain(5)
    #expect(try laptop.undo().notices.isEmpty)
  }
}
