import Foundation
import UnknotReport

/// What pages ask for beside themselves: all of it is in the program.
enum Assets {
  static let style = Data(PackageResources.style_css) + Data(Report.styleSheet.utf8)
}
