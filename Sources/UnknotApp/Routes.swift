import Foundation
import UnknotKit
import UnknotReport

/// Which page answers what.
enum Routes {
  static func answer(_ request: Request, _ desk: Desk) throws -> Response {
    let place = request.path.first ?? ""
    let rest = Array(request.path.dropFirst())
    guard request.method == .post || rest.isEmpty || ["record", "report"].contains(place) else {
      throw NotThere(words: "There is no such page.")
    }
    if request.method == .get {
      if let response = try other(request, desk) { return response }
      return .page(
        try desk.journal.snapshot { try page(request, rest, Desk(journal: $0, files: desk.files)) })
    }
    switch (place, rest.count) {
    case ("rate", 0): return try TodayPage.rate(request, desk)
    case ("week", 0): return try TodayPage.rateWeek(request, desk)
    case ("peg", 0): return try TodayPage.peg(request, desk)
    case ("check", 0): return try CheckPage.answer(request, desk)
    case ("journal", _): return try JournalPage.add(request, desk, rest.first)
    case ("undo", 0): return try JournalPage.undo(request, desk, isRedo: false)
    case ("redo", 0): return try JournalPage.undo(request, desk, isRedo: true)
    case ("record", 2): return try OneRecordPage.change(rest[0], rest[1], request, desk)
    case ("plan", _): return try PlanPage.change(request, desk, rest.first)
    case ("conflicts", _): return try ConflictsPage.resolve(request, desk)
    case ("devices", _): return try DevicesPage.change(request, desk, rest.first)
    case ("profile", _): return try ProfilePage.change(request, desk)
    case ("safekeeping", _): return try SafekeepingPage.change(request, desk, rest.first)
    case ("duplicates", _): return try DuplicatesPage.change(request, desk, rest.first)
    case ("files", _): return try FilesPage.change(request, desk, rest.first)
    default: throw NotThere(words: "There is no such page.")
    }
  }

  /// What is read of the journal alone, all of it from one state.
  private static func page(_ request: Request, _ rest: [String], _ desk: Desk) throws -> Page {
    switch request.path.first ?? "" {
    case "": try TodayPage.page(desk)
    case "week": TodayPage.week()
    case "check": try CheckPage.page(desk)
    case "body": try BodyPage.page(request, desk)
    case "journal": try JournalPage.page(request, desk)
    case "record" where rest.count == 1: try OneRecordPage.page(rest[0], desk)
    case "more": try MorePage.page(desk)
    case "plan": try PlanPage.page(desk)
    case "report": try ReportPage.page(rest.first, request, desk)
    case "conflicts": try ConflictsPage.page(desk)
    case "profile": try ProfilePage.page(desk)
    case "duplicates": try DuplicatesPage.page(desk)
    case "files": try FilesPage.page(desk)
    default: throw NotThere(words: "There is no such page.")
    }
  }

  /// What asks more than records, or nothing of the journal; nil: it is another page.
  private static func other(_ request: Request, _ desk: Desk) throws -> Response? {
    switch request.path.first ?? "" {
    case "devices": .page(try DevicesPage.page(desk))
    case "safekeeping": .page(try SafekeepingPage.page(request, desk))
    case "export": try FilesPage.export(request, desk)
    case "back.svg", "front.svg":
      .asset(
        Data(
          BodyMap.picture(
            request.path.first == "back.svg" ? .back : .front, marking: request["site"], side: request["side"]
          ).utf8), type: "image/svg+xml")
    case "style.css": .asset(Assets.style, type: "text/css; charset=utf-8")
    case "app.js": .asset(Data(PackageResources.app_js), type: "text/javascript; charset=utf-8")
    case "icon.svg": .asset(Data(PackageResources.icon_svg), type: "image/svg+xml")
    case "manifest.webmanifest":
      .asset(Data(PackageResources.manifest_webmanifest), type: "application/manifest+json")
    case "events": Response(body: .events(page: request["page"] ?? "page"))
    default: nil
    }
  }
}
