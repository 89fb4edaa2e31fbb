import UnknotKit

/// A piece of markup in which every text is escaped: only this module makes it.
public struct ReportFragment: Sendable {
  /// HTML, without scripts and without links.
  public let markup: String
}

/// Text among tags.
public enum Markup {
  /// The text as it stands between tags and in attributes; whatever would steer what shows it is made visible.
  public static func escaped(_ text: String) -> String { escaped(exactly: SafeText.visible(text)) }

  /// The same with nothing made visible: what a form has to give back as it is.
  public static func escaped(exactly text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
