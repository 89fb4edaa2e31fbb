import ArgumentParser
import UnknotKit

struct Factor: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record something else that may help or hurt: a walk, heat, a painkiller.")
  @Argument(
    help: ArgumentHelp(
      "\(Words.factors.words.joined(separator: ", ")); or a label that you gave before: ibuprofen."),
    completion: Completions.factors)
  var kind: String
  @Argument(
    help: ArgumentHelp(
      "How much: 30m, 400mg, 2; of a medicine, its name before that: medication ibuprofen 400mg.",
      valueName: "amount"))
  var words: [String] = []
  @Option(help: "What exactly: the name of the exercise or the medicine.") var label: String?
  @Option(help: "When, ~18:00 for about then; default: now.") var at: String?
  @Option(help: "A tag; repeatable.", completion: Completions.tags) var tag: [String] = []
  @Option(help: "Anything else.") var note: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    var entry = FactorEntry(kind: kind)
    // A medicine's name comes before its amount, which begins with a digit.
    let isMedicine = (try? Words.factors.check(kind)) == "medication"
    let start = isMedicine ? words.firstIndex { $0.first?.isNumber == true } ?? words.endIndex : 0
    let (name, amount) = (words[..<start], words[start...])
    if !amount.isEmpty, amount.first?.first?.isNumber == false || amount.count > 1,
      let begin = amount.indices.first(where: {
        (try? context.journal.times.moment(amount[$0...].joined(separator: " "))) != nil
      })
    {
      let time = amount[begin...].joined(separator: " ").shellQuoted
      throw KitError(
        .usage, "a time comes after --at",
        hint: Advice(
          "unknot factor \(([kind] + words[..<begin]).map(\.shellQuoted).joined(separator: " ")) --at \(time)"
        ))
    }
    guard name.isEmpty || label == nil else {
      throw KitError(.usage, "the name is there twice: \(name.joined(separator: " ")) and \(label ?? "")")
    }
    entry.amount = amount.isEmpty ? nil : amount.joined(separator: " ")
    entry.label = name.isEmpty ? label : name.joined(separator: " ")
    let time = try context.time(at)
    entry.at = time?.moment
    entry.precision = time?.precision
    entry.tags = tag
    entry.note = note
    RecordText(context).written("recorded", try context.journal.recordFactor(entry))
  }
}

struct PEG: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "peg", abstract: "Record the week's PEG: three ratings of the past week, 0–10.",
    discussion:
      "PAIN: the pain on average. ENJOYMENT and ACTIVITY: how much it got in the way of enjoying life and "
      + "of what you do. The score is their mean; a change of about 1 is one that people notice.")
  @Argument var pain: String
  @Argument var enjoyment: String
  @Argument var activity: String
  @Option(help: "Anything else.") var note: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let written = try context.journal.recordPEG(
      pain: try rating(pain), enjoyment: try rating(enjoyment), activity: try rating(activity), note: note)
    RecordText(context).written("recorded", written)
  }
}
