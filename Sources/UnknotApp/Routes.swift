import Foundation
import UnknotKit

/// Which page answers what.
enum Routes {
  static func answer(_ request: Request, _ desk: Desk) throws -> Response {
    let place = request.path.first ?? ""
    let rest = Array(request.path.dropFirst())
    guard request.method == .post || rest.isEmpty || ["record", "report"].contains(place) else {
      throw NotThere(words: "There is no such page.")
    }
    switch (request.method, place) {
    case (.get, ""): return .page(try TodayPage.page(desk))
    case (.get, "style.css"): return .asset(Assets.style, type: "text/css; charset=utf-8")
    case (.get, "app.js"):
      return .asset(Data(PackageResources.app_js), type: "text/javascript; charset=utf-8")
    case (.get, "icon.svg"): return .asset(Data(PackageResources.icon_svg), type: "image/svg+xml")
    case (.get, "manifest.webmanifest"):
      return .asset(Data(PackageResources.manifest_webmanifest), type: "application/manifest+json")
    case (.get, "events"): return Response(body: .events(page: request["page"] ?? "page"))
    case (.post, "rate"): return try TodayPage.rate(request, desk)
    case (.get, "week"): return .page(TodayPage.week())
    case (.post, "week"): return try TodayPage.rateWeek(request, desk)
    case (.post, "peg"): return try TodayPage.peg(request, desk)
    case (.get, "check"): return .page(try CheckPage.page(desk))
    case (.post, "check"): return try CheckPage.answer(request, desk)
    case (.get, "body"): return .page(try BodyPage.page(desk, chosen: request["site"]))
    case (.get, "journal"): return .page(try JournalPage.page(request, desk))
    case (.post, "journal"): return try JournalPage.add(request, desk, rest.first)
    case (.post, "undo"): return try JournalPage.undo(desk, isRedo: false)
    case (.post, "redo"): return try JournalPage.undo(desk, isRedo: true)
    case (.get, "record") where rest.count == 1: return .page(try RecordPage.page(rest[0], desk))
    case (.post, "record") where rest.count == 2:
      return try RecordPage.change(rest[0], rest[1], request, desk)
    case (.get, "more"): return .page(try MorePage.page(desk))
    case (.get, "plan"): return .page(try PlanPage.page(desk))
    case (.post, "plan"): return try PlanPage.change(request, desk, rest.first)
    case (.get, "report"): return .page(try ReportPage.page(rest.first, request, desk))
    case (.get, "conflicts"): return .page(try ConflictsPage.page(desk))
    case (.post, "conflicts"): return try ConflictsPage.resolve(request, desk)
    case (.get, "devices"): return .page(try DevicesPage.page(desk))
    case (.post, "devices"): return try DevicesPage.change(request, desk, rest.first)
    case (.get, "profile"): return .page(try ProfilePage.page(desk))
    case (.post, "profile"): return try ProfilePage.change(request, desk)
    case (.get, "safekeeping"): return .page(try SafekeepingPage.page(desk))
    case (.post, "safekeeping"): return try SafekeepingPage.change(desk, rest.first)
    default: throw NotThere(words: "There is no such page.")
    }
  }
}
