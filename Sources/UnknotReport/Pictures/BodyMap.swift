import UnknotKit

/// A body to be tapped on: a picture of a fixed size, and what lies where. For where it hurts; reports draw their own.
public enum BodyMap {
  /// From which side it is seen. The person's left is on the left from behind, and on the right from the front.
  public enum View: String, CaseIterable, Sendable {
    case back
    case front

    fileprivate var outline: BodyOutline { self == .back ? .back : .front }
  }

  /// In pixels of a page: two of them stand beside each other on the narrowest telephone.
  public static let width = 140
  /// In pixels of a page.
  public static let height = 412
  private static let scale = 160.0 / Double(width)

  /// The picture, as an SVG document of `width` by `height`, for light and dark: without styles, which a page's policy may forbid.
  ///
  /// - Parameters:
  ///   - view: from which side the body is seen.
  ///   - site: is marked; nil, or a word that is no site: nothing is.
  ///   - side: "left", "right" or "both"; nil: in the middle of the body, or both of a pair.
  public static func picture(_ view: View, marking site: String? = nil, side: String? = nil) -> String {
    var svg = SVG()
    let outline = view.outline
    for shape in outline.shapes { svg.blob(shape, "skin") }
    if let site, outline.shows(site) {
      for shade in outline.shades(site, side: side) {
        svg.ellipse(shade.center.x, shade.center.y, shade.extent.x, shade.extent.y, "mark")
      }
    }
    for site in Catalogue.sites.words where outline.shows(site) {
      for point in points(site, outline) { svg.circle(point.x, point.y, 2.2, "place") }
    }
    let styles = [
      ("skin", "fill=\"#cfdbe2\" stroke=\"#5a6873\""), ("mark", "fill=\"#e07b39\""),
      ("place", "fill=\"#0b5d7a\""),
    ]
    let drawn = styles.reduce(svg.text) { $0.replacing("class=\"\($1.0)\"", with: $1.1) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="-80 0 160 471" width="\(width)" height="\(height)">\(drawn)</svg>
      """
  }

  /// What was tapped: the nearest place, and its side; nil: nothing is near.
  ///
  /// - Parameters:
  ///   - view: which of the two pictures was tapped.
  ///   - x: pixels from the left edge of the picture.
  ///   - y: pixels from its upper edge.
  public static func place(_ view: View, x: Int, y: Int) -> (site: String, side: String?)? {
    let outline = view.outline
    let tapped = (x: Double(x) * scale - 80, y: Double(y) * scale)
    // How far it is, in sizes of the place: a calf is longer than it is wide.
    func distance(_ site: String, _ point: BodyOutline.Point) -> Double {
      let extent = outline.extent(site)
      let (across, down) = ((tapped.x - point.x) / extent.x, (tapped.y - point.y) / extent.y)
      return across * across + down * down
    }
    let all = Catalogue.sites.words.filter(outline.shows).flatMap { site in
      points(site, outline).map { (site: site, distance: distance(site, $0)) }
    }
    guard let nearest = all.min(by: { $0.distance < $1.distance }), nearest.distance < 16 else { return nil }
    let isMiddle = !BodyOutline.isPaired(nearest.site) && abs(tapped.x) < 6
    let isLeft = (tapped.x < 0) == (outline.ends.left == "left")
    return (nearest.site, isMiddle ? nil : isLeft ? "left" : "right")
  }

  private static func points(_ site: String, _ outline: BodyOutline) -> [BodyOutline.Point] {
    outline.points(site, side: "both") + (BodyOutline.isPaired(site) ? [] : outline.points(site, side: nil))
  }
}
