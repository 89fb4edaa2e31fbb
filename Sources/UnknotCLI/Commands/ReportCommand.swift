import ArgumentParser
import UnknotKit
import UnknotPlatform
import UnknotReport

struct ReportCommand: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Pictures and pages of what is recorded.",
    discussion: """
      trend: pain over time. effect: before and after sessions. targets: what was pressed. adherence: how the plan was \
      kept. bodymap: where it hurt. week: this and the last. clinician: one page, read in a minute. quality: how good the \
      data is. episode: each one. trial: two ways compared.
      What such figures cannot show: unknot help pitfalls.
      """)

  static let kinds = WordList(name: "report", words: ReportKind.allCases.map(\.rawValue))

  @Argument(help: "Which one.", completion: .list(kinds.words)) var kind: String
  @Option(help: "The first day.") var since: String?
  @Option(help: "The last day; it is part of the report.") var until: String?
  @Option(help: "Where it hurts; your usual place if not said.", completion: .list(Catalogue.sites.words))
  var site: String?
  @Option(name: .shortAndLong, help: "Write a file instead: .svg, .html, .txt or .json.", completion: .file())
  var output: String?
  @Flag(help: "Lines only, without pictures.") var plain = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let kind = ReportKind(rawValue: try Self.kinds.check(kind)) ?? .trend
    let form = try output.map { try Form($0) }
    let times = try context.journal.times
    var range = try context.journal.figureRange(site: site)
    range.since = try since.map { text throws(KitError) in try times.day(text) }
    range.until = try until.map { text throws(KitError) in try times.day(text) }
    if kind == .week, since != nil {
      Message.note("note: --since is not used: report week is of the 7 days up to --until")
    }
    let report = try kind.report(context.journal, range)
    guard let output, let form else {
      return context.output.one(report.json) {
        for line in report.partLines(width: context.output.width, plain: plain) {
          context.output.line(line.text, style: Output.Style(line.part))
        }
      }
    }
    let text: String
    switch form {
    case .svg:
      guard let svg = report.svg else {
        throw KitError(
          .notFound, "this report has no picture",
          hint: "there is nothing to draw, or it is a page of text: take .html or .txt")
      }
      text = svg
    case .html: text = report.html
    case .txt: text = report.lines(width: nil, plain: plain).joined(separator: "\n") + "\n"
    case .json: text = report.json.pretty() + "\n"
    }
    try OutputFile.write(output, readers: .everyone) { try $0.write(text) }
    Message.note("written \(output)")
  }

  private enum Form: String, CaseIterable {
    case svg, html, txt, json

    init(_ file: String) throws(KitError) {
      let ending = file.split(separator: ".", omittingEmptySubsequences: false).last.map { $0.lowercased() }
      guard file.contains("."), let form = ending.flatMap({ Form(rawValue: $0) }) else {
        throw KitError(
          .usage, "\(file) does not end in a known form",
          hint: "end its name with .svg, .html, .txt or .json")
      }
      self = form
    }
  }
}

extension Output.Style {
  fileprivate init(_ part: ReportLine.Part) {
    self =
      switch part {
      case .title: .strong
      case .warning: .warning
      case .text: .plain
      case .picture: .picture
      case .note: .soft
      }
  }
}
