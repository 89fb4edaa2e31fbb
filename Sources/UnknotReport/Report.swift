public import UnknotKit

/// What a report says, in an order that any form of it keeps: a page, a picture, a terminal's lines, JSON.
public struct Report: Sendable {
  /// A part of a report. Each form shows it in its own way: lines, HTML or, of pictures alone, SVG.
  public enum Block: Sendable {
    /// Begins a section of the report.
    case heading(String)
    /// Sentences, broken into lines by whoever shows them.
    case paragraph(String)
    /// Smaller, at the end of what it is about.
    case note(String)
    /// Each row has a cell for every column.
    case table(columns: [Table.Column], rows: [[String]])
    /// What each is, and what was found: broken between words where there is little room, never cut.
    case facts([(name: String, text: String)])
    /// Its caption is shown with it, and stands alone where there are no pictures.
    case picture(any Picture)
  }

  /// What the report is about: it stands at the top.
  public let title: String
  /// How many values and of which days: "n = 24 ratings, Thu 1 Jan – Sat 31 Jan 2026".
  public let scope: String
  /// In the order in which they are read.
  public let blocks: [Block]
  /// The figures themselves, whole.
  public let json: JSONValue

  /// At the end of every page.
  public static let disclaimer =
    "Unknot is a wellness log, not a medical device. It does not diagnose or treat anything."

  init(_ title: String, scope: String, _ blocks: [Block], json: JSONValue) {
    self.title = title
    self.scope = scope
    self.blocks = blocks
    self.json = json
  }

  /// The same, of data that is nobody's: that stands before everything else, in every form.
  public var ofMadeUpData: Report {
    var json = json
    if case .object(let members) = json { json = .object([("made_up", .bool(true))] + members) }
    return Report("Made-up data: \(title)", scope: scope, blocks, json: json)
  }
}

/// A picture that can be drawn as SVG and in a terminal, and told in words.
public protocol Picture: Sendable {
  /// In one sentence what it shows: also for who cannot see it.
  var caption: String { get }
  /// What its marks stand for where it is drawn as SVG, in sentences: they follow the caption. Empty: it is written in it.
  var marks: String { get }
  /// What its marks stand for in a terminal, likewise.
  var lineMarks: String { get }
  /// In units of its own: 720 on paper and wide screens, 320 where it is drawn for a telephone.
  var width: Int { get }
  /// In the same units.
  var height: Int { get }
  /// The same for a telephone, where the labels of the wide one could not be read; nil: the wide one is shown there, too.
  var narrow: (any Picture)? { get }
  /// Elements without the frame around them.
  func draw(_ svg: inout SVG)
  /// For a terminal.
  ///
  /// - Parameter width: in columns, 20 or more.
  func lines(width: Int) -> [String]
}

extension Picture {
  /// None that need words.
  public var marks: String { "" }
  /// None that need words.
  public var lineMarks: String { "" }
  var captionWithMarks: String { marks.isEmpty ? caption : "\(caption) \(marks)" }
  /// As wide as paper.
  public var width: Int { SVG.width }
  /// None.
  public var narrow: (any Picture)? { nil }
}
