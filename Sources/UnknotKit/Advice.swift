/// What a person is told to do about something. Where it speaks of doing something with the program, it names a `Way`: a
/// front end puts its own words there, a command or the name of a button (`text`).
public struct Advice: Hashable, Sendable {
  /// Something to do that every front end has a way of its own for. The raw values say it where one has none.
  public enum Way: String, Hashable, Sendable, CaseIterable {
    case safetyCheck = "a safety check"
    case despiteSigns = "beginning despite them"
    case endSession = "ending the session"
    case endSessionElsewhere = "ending the other device's session here"
    case adverse = "noting that it came from the session"
    case safetyCheckWithoutSigns = "a safety check without signs"
    case profile = "the profile"
    case loggingAllTheSame = "a reason to log it all the same"
    case newRoutine = "a new routine"
    case newPlan = "a new plan"
    case laterFirstDay = "a later first day"
    case endOfTrial = "the end of the trial"
    case outcome = "an outcome"
    case dayCount = "a number of days"
    case lastDay = "a last day"
    case choice = "one of the values"
    case newName = "another name for this device"
    case newJournal = "a new journal"
    case otherJournal = "another journal"
    case otherFile = "another file"
    case join = "uniting the two journals"
    case importFile = "an import of it"
    case fullExport = "an export of everything"
    case largeImport = "an import of any size"
    case setFolder = "saying which folder it is"
    case joinDevices = "joining the other devices"
    case showKey = "showing the key"
    case olderKey = "joining with an older key"
    case takeOpen = "an import of open files"
    case closeEpisode = "closing the episode"
    case peg = "three numbers from 0 to 10"
    case undo = "undoing it"
    case redo = "taking that back"
    case move = "moving the step"
    case routines = "the list of routines"
    case restore = "restoring it"
    case bout = "a bout"
    case jsonExport = "an export as JSON"
    case csvExport = "an export as CSV"
    case source = "saying what it is"
    case ownTable = "saying that it is a table of your own"
    case columnMap = "a map of its columns"
    case verification = "a look at all of it"
    case rescue = "a rescue"
    case pastGaps = "a rescue that goes past what is lost"
    case backup = "a backup"
    case factorByKind = "its kind, with the name as its label"
    case otherFactor = "the kind other, with the name as its label"
  }

  fileprivate enum Part: Hashable, Sendable {
    case words(String)
    case way(Way, of: String?)
  }

  private var parts: [Part]

  /// Words that name no way.
  public init(_ words: String) { parts = [.words(words)] }

  /// Whether it says that something can be done in this way.
  public func names(_ way: Way) -> Bool {
    parts.contains { if case .way(way, _) = $0 { true } else { false } }
  }

  /// - Parameter name: what a front end calls a way; of some, with the id of what it is done to.
  public func text(_ name: (Way, _ id: String?) -> String) -> String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .way(let way, let id): name(way, id)
      }
    }.joined()
  }
}

extension Advice: CustomStringConvertible {
  /// With the words that fit any front end.
  public var description: String {
    text { way, id in id.map { "\(way.rawValue) (\($0))" } ?? way.rawValue }
  }
}

extension Advice: ExpressibleByStringInterpolation {
  /// Words that name no way, as a literal.
  public init(stringLiteral words: String) { self.init(words) }

  /// What a literal with values in it says: `"add \(.bout)"` names a way.
  public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// Puts together the words, ways and other advice of a literal, in their order.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    /// Empty: the two counts are not needed.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    // The same words are the same advice, however they were put together.
    /// Appends words; they become one with the words before them.
    public mutating func appendLiteral(_ words: String) {
      guard case .words(let before)? = parts.last else {
        if !words.isEmpty { parts.append(.words(words)) }
        return
      }
      parts[parts.count - 1] = .words(before + words)
    }

    /// Appends the description of a value as words.
    public mutating func appendInterpolation(_ words: some CustomStringConvertible) {
      appendLiteral(words.description)
    }

    /// Appends a way.
    ///
    /// - Parameters:
    ///   - way: what there is to do.
    ///   - id: what it is done to, where the way needs that: the id of an operation to be undone.
    public mutating func appendInterpolation(_ way: Way, of id: String? = nil) {
      parts.append(.way(way, of: id))
    }

    /// Appends all of another advice; its ways stay ways.
    public mutating func appendInterpolation(_ advice: Advice) {
      for part in advice.parts {
        if case .words(let words) = part { appendLiteral(words) } else { parts.append(part) }
      }
    }
  }
}
