// Set-up texts are general practice in the project's own words and wait for a physiotherapist's reading; where a
// spot is felt follows the sources that `Catalogue.sources` names.
extension TargetDescription {
  static let above = [
    TargetDescription(
      id: "erector-mid", name: "mid-back erector", latin: "longissimus thoracis", area: "erectors",
      relation: .above,
      role: .direct, depth: .superficial, region: "mid-back",
      findIt:
        "The firm ridge two fingers beside the spine, from the tip of the shoulder blade down to the last rib.",
      referrals: [
        Referral("mid-back", .common, .local), Referral("low-back", .common, .regional),
        Referral("buttock", .sometimes, .regional), Referral("sacrum", .sometimes, .regional),
      ],
      cautions: [
        "Beside the spine, never on it.", "Light over the ribs.",
        "With osteoporosis ask somebody who knows first.",
      ],
      defaultSeconds: 60, spotsPerSide: 3, discomfortCap: 6,
      setUps: [
        .floor(
          [
            "Lie on your back with your knees bent and your feet flat.",
            "Put the ball beside the spine, on the ridge, and keep your hips down.",
            "Push with your feet to move up or down a few centimetres until a spot is tender.",
            "Stay there, breathe out slowly, and let the back sink.",
          ],
          easier: "Lift the hips a little on the other side, or lie on a mat.",
          harder: "Cross your arms over your chest."),
        .wall(
          [
            "Stand with your back to the wall, feet a step in front of it.",
            "Hang the ball on its rope over the shoulder, so that it lies on the ridge beside the spine.",
            "Bend and stretch your knees to travel until a spot is tender.",
            "Lean in and stay.",
          ],
          easier: "Bring your feet nearer to the wall.", harder: "Step further out."),
      ],
      snomed: "88340001"),
    TargetDescription(
      id: "ql", name: "side of the waist", latin: "quadratus lumborum", area: "ql", relation: .above,
      role: .direct,
      depth: .deep, region: "low-back",
      findIt:
        "The soft gap between the last rib and the pelvis, a hand's width from the spine. Spots near the pelvis and "
        + "near the spine are felt in different places. It belongs to the low back, and counts as above since the ball "
        + "lies almost at mid-back.",
      referrals: [
        Referral("low-back", .common, .local),
        Referral("hip", .common, .regional, from: "upper-outer"),
        Referral("groin", .sometimes, .regional, from: "upper-outer"),
        Referral("hip", .common, .regional, from: "lower-outer"),
        Referral("sacrum", .common, .regional, from: "upper-inner"),
        Referral("buttock", .common, .regional, from: "lower-inner"),
      ],
      cautions: [
        "Only gently over the last ribs and the kidney.", "Not in pregnancy.",
        "Stop at nausea, or if it changes how you pass water.",
      ],
      defaultSeconds: 45, spotsPerSide: 2, discomfortCap: 5,
      setUps: [
        .wall(
          [
            "Stand a quarter turned away from the wall, the sore side towards it.",
            "Let the ball hang in the gap between rib and pelvis; keep it off the bones.",
            "Lean in slowly until it is tender, and hold.",
          ],
          easier: "Stand nearer to the wall and hold the rope.", harder: "Bend away from the wall a little."),
        .floor(
          [
            "Lie on your back with your knees bent.",
            "Put the ball into the gap between rib and pelvis and tip slightly towards it.",
            "Move by a centimetre or two at most, then stay.",
          ],
          easier: "Keep more weight on the other side.", harder: "Let both knees sink towards the ball.",
          avoid: ["the pain sits near the last ribs"]),
      ],
      snomed: nil),
  ]
}
