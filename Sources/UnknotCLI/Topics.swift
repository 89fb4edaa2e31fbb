import UnknotKit

/// `unknot help TOPIC`: what the commands have in common.
enum Topics {
  static let all: [(name: String, abstract: String, text: [String])] = [
    (
      "basics", "for whom this is, and how to begin",
      [
        "It is for pain that comes from stiff or sore muscles. Other pain needs other help: unknot check lists the signs "
          + "that need a doctor.",
        "You press a ball into a tender spot and wait. The spot may ease after a while, and the pain with it a little. "
          + "Sometimes nothing changes.",
        "A massage therapist finds the spots better than you can alone. A ball is the second best: cheap, and there "
          + "whenever you want it. Log a visit: unknot factor therapist.",
        "Look above and below the pain: it does not always come from where it hurts. unknot suggest says what to try.",
        "Finding a tender spot takes practice and small moves of the ball. Keep one that you found for the next time: "
          + "unknot spot add.",
        "For a new (acute) spell, press once or twice a day, for five to seven days: unknot plan set course.",
        "Pain that lasts or keeps coming back is another matter. Some people find that the ball helps somewhat; what "
          + "counts is to keep at it, week after week: unknot plan set maintenance.",
        "Do other things beside it: walks, strength and core exercises, mobility and stability work, a foam roller, "
          + "and an eye on how you sit and stand. Log them: unknot factor.",
      ]
    ),
    (
      "times", "how to write times and days",
      [
        "now; 18:00 (today, or yesterday if that is still to come); today 08:00; yesterday 18:00; monday 7:15 (the "
          + "past one, in plans the next); 28 nov 8pm; 2h ago; 3d ago; 2026-05-14; 2026-05-14 18:00; 2026-05-14T18:00:00+02:00.",
        "~18:00 means about then. A day alone means its noon; the record says that only the day is known.",
        "1/2/2026 is refused: it has two meanings. So are future times, except in plans: tomorrow, in 7d.",
        "A day begins at 04:00, or as your profile says (day_start). A record keeps its day wherever you travel.",
      ]
    ),
    (
      "durations", "how long something takes",
      ["45s, 1m30s, 2m. m is minutes. A bare number is refused. A bout lasts from 1s to 30m."]
    ),
    (
      "ids", "how records are named",
      [
        "An id is the device's letters and a number: q3f8-12. It stays the same for ever, on every device.",
        "The first letters are enough if they fit only one device; for this device's records, the number alone.",
      ]
    ),
    (
      "formats", "output for people and for programs",
      [
        "--format table, json, ndjson or csv. Data goes to stdout, everything else to stderr.",
        "JSON is always valid: [] where nothing is found. Times are RFC 3339, durations whole seconds.",
      ]
    ),
    (
      "conflicts", "when two devices wrote differently",
      [
        "Each field is merged by itself. If two devices change a field without knowing of each other, both values are "
          + "kept: one is shown, unknot conflicts lists all, unknot resolve decides.",
        "A record deleted on one device and edited on another that did not know of it stays; it is listed as presence: keep or delete.",
        "If two devices recorded the same thing: unknot dupes.",
      ]
    ),
    (
      "sync", "from device to device",
      [
        "unknot sync export writes a file; carry it as you like; unknot sync import reads it. Files may arrive late, "
          + "twice or in any order; each is imported fully or not at all.",
        "unknot sync status says what each device is known to have. unknot undo takes back a whole import.",
        "If a device is gone: unknot sync retire. Copies of the journal are noticed and told apart.",
      ]
    ),
    (
      "safety", "when a doctor is needed and not a ball",
      [
        "unknot check lists the signs. After an emergency sign, unknot start is refused until a new check clears "
          + "it; you can still log. After a rating of \(Catalogue.severeScore) or more, or a press that a sign ended, it "
          + "begins only after a check without a sign, or with --despite-signs.",
        "unknot profile contraindications/fracture/low-back=2026-05-01 blocks the targets there; --override REASON logs one "
          + "anyway and keeps the reason.",
        Catalogue.disclaimer,
      ]
    ),
    (
      "pressing", "how to use the ball", Catalogue.generalCard
    ),
    (
      "balls", "which ball, and where",
      [
        "Take a firm ball of rubber: it stays where you put it. A soft one gives way, a smooth one slips.",
        "A ball on a rope is good for the wall: it does not fall, and you need not bend down for it with a sore back.",
        "You can make one: put a lacrosse ball into a long clean sock. In shops a ball mostly costs less than 10 US "
          + "dollars, and is often sold in a set.",
        "The wall is milder than the floor. It suits muscles that are very tender, and people who are heavier, older or "
          + "cannot get down to the floor with ease.",
        "A ball may leave marks on the wall: choose a place where that does not matter.",
        "Say which ones you have: unknot ball add red kind=lacrosse on_rope=yes homemade=yes.",
      ]
    ),
    (
      "pitfalls", "what before and after do not show",
      [
        "Pain that is high falls by itself, and most acute back pain eases within weeks, whatever is done.",
        "People massage when it hurts: days with sessions look worse than days without.",
        "Expecting relief can bring relief. So can a walk, heat or a painkiller that day: log them (unknot factor).",
        "0 cannot fall, 10 cannot rise. One point in one session is less than the measuring error.",
        "People prefer some numbers, and tend to repeat the one that they have just given.",
        "Do not compare sites or scales, or across missing days. If you look often, you find something by chance.",
      ]
    ),
    (
      "reports", "what each report shows",
      [
        "trend: pain by day, its 7-day mean, minutes pressed, episodes, and how untreated pain went in studies.",
        "effect: before and after sessions, beside the same pain without one. targets: what was pressed, how tender it was.",
        "adherence: how you kept the plan. bodymap: where it hurt. week: this and the last. episode: each episode.",
        "clinician: one page for a doctor or therapist. quality: how reliable the data is.",
        "trial: two ways compared, in blocks of days in random order (unknot plan trial).",
        "-o FILE.svg, .html, .txt or .json writes a file. --since, --until and --site choose the data. Hollow: from memory.",
        "What they cannot show: unknot help pitfalls.",
      ]
    ),
    (
      "attention", "how often you are asked how much it hurts",
      [
        CheckInFrequency.evidence,
        "So you are asked once a week, for the past week: unknot checkin --week N, with a second number for how much it got in the "
          + "way of what you do. Your other ratings are kept apart from the weekly ones: they answer another question.",
        "To be asked daily: unknot plan set maintenance --check-in daily. After twelve weeks of an episode you are asked daily "
          + "anyway; --check-in weekly ends that. You can always skip ratings before and after a session.",
      ]
    ),
    (
      "interchange", "export all, import other logs",
      [
        "unknot export csv -o FOLDER, json, fhir or ics -o FILE. unknot import reads csv and json back, and the CSV of Loop "
          + "Habit Tracker and Track & Graph. Nothing is imported twice; unknot undo takes back an import.",
        "--dry-run says what would happen. --map FILE says what other programs' names mean: Back pain = pain low-back/left; "
          + "Evening walk = factor walk; Ball = bout ql/left:45s@wall; Water = skip.",
        "Between your own devices: unknot help sync.",
      ]
    ),
    (
      "glossary", "the words used here",
      [
        "rating: pain as a whole number, 0 none to 10 the worst imaginable.",
        "target: a muscle that is worked on. tender spot: a sore point in it. spot: one that you found and named.",
        "referral: what is felt away from the pressed point. Some muscles are felt close by; those of the buttock can be "
          + "felt far down the leg.",
        "bout: one timed press on one target and side. session: bouts, one after the other. dwell: how long you press.",
        "routine: an ordered list of steps. course: a plan of 5 to 7 days. maintenance: one without an end.",
        "slot: when a session is meant to be done. excused: a slot that does not count. score: how well a plan is kept, "
          + "the latest slots counting most.",
        "episode: over a day of back pain, with a pain-free month before and after. acute: under 6 weeks; subacute: "
          + "under 12; persistent: longer.",
        "PEG: three ratings of a week: pain, enjoyment, general activity. check-in: the rating of the day, or of the past week, "
          + "that you are asked for (unknot help attention).",
        "backfilled: recorded more than half an hour later. device: one copy of the log. conflict: see unknot help conflicts.",
      ]
    ),
    (
      "sources", "where the facts come from", Catalogue.sources.map { "\($0.topic): \($0.source)." }
    ),
    (
      "exit-status", "what programs can rely on",
      [
        "0 done, even if there was nothing to find or do", "1 failed: the disk, a file",
        "2 usage", "3 not found, or ambiguous", "4 an invalid value", "5 merged, and conflicts are waiting",
        "6 safety stop", "7 the journal is damaged, busy, or newer than the program", "8 a damaged file",
        "9 a file of another journal, or not readable with this key",
        "10 changes are missing: before this file, or after a rescue",
        "11 a file of a newer format",
      ]
    ),
    (
      "files", "where things are",
      [
        "The journal: --journal, else $UNKNOT_JOURNAL, else $XDG_DATA_HOME/unknot/journal.sqlite, else "
          + "~/.local/share/unknot/journal.sqlite.",
        "Beside it, in $XDG_STATE_HOME/unknot or ~/.local/state/unknot: what this device last wrote, and a running "
          + "session. Never put that folder into a backup of the journal.",
      ]
    ),
    (
      "privacy", "who sees what",
      [
        "No server, no account; nothing is sent automatically. Only you can read the journal (mode 0600).",
        "Files for other devices are encrypted once you share a folder (unknot sync folder set), unless with --plain. "
          + "Before that, carry them as you would a diary.",
        "Answers to the safety questions are not kept unless your profile says store_safety_answers=yes.",
      ]
    ),
  ]

  /// Prints a topic; false where there is none of that name.
  static func show(_ name: String) -> Bool {
    guard let topic = all.first(where: { $0.name == name.lowercased() }) else { return false }
    let output = Output()
    output.heading("\(topic.name): \(topic.abstract)")
    for text in topic.text { output.paragraph(topic.text.count > 1 ? "- \(text)" : text) }
    return true
  }

  static var names: [String] { all.map(\.name) }
}
