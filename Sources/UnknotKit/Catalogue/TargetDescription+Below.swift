extension TargetDescription {
  static let below = [
    TargetDescription(
      id: "glute-max", name: "back pocket", latin: "gluteus maximus", area: "glutes", relation: .below,
      role: .direct,
      depth: .superficial, region: "buttock",
      findIt:
        "The thick muscle under a back pocket, between the sacrum and the hip. It reaches up to the rim of the pelvis: "
        + "stand, take hold of what hurts, and see whether it is lower than you thought, and on which side.",
      referrals: [
        Referral("buttock", .common, .local), Referral("sacrum", .common, .regional),
        Referral("tailbone", .sometimes, .regional),
      ],
      cautions: [
        "Off the tailbone and the bone you sit on.",
        "Off the lower middle of the buttock, where the large nerve runs.",
      ],
      defaultSeconds: 60, spotsPerSide: 2, discomfortCap: 6,
      setUps: [
        .floor(
          [
            "Sit on the ball with your hands behind you and one knee bent.",
            "Lean to that side until the ball is under the fleshy part.",
            "Roll a few centimetres to find the spot, then hold.",
          ],
          easier: "Take more weight on your hands.", harder: "Lay the ankle on the other knee."),
        .wall(
          [
            "Stand with your back to the wall, the ball on the back pocket.",
            "Make small knee bends until a spot is tender.", "Lean in and stay.",
          ],
          easier: "Feet nearer to the wall.", harder: "More weight on the leg of that side."),
      ],
      snomed: "206007"),
    TargetDescription(
      id: "glute-med", name: "upper outer buttock", latin: "gluteus medius", area: "glutes", relation: .below,
      role: .direct, depth: .superficial, region: "buttock",
      findIt:
        "Just under the rim of the pelvis, at the outer upper buttock; many call this their low back. To see whether it "
        + "is: stand up, grab what hurts with your hand, and feel if it is lower than you thought, and left, right or both.",
      referrals: [
        Referral("low-back", .common, .regional), Referral("sacrum", .common, .regional),
        Referral("hip", .common, .local), Referral("buttock", .common, .local),
      ],
      cautions: ["Off the bony rim."],
      defaultSeconds: 60, spotsPerSide: 2, discomfortCap: 6,
      setUps: [
        .floor(
          [
            "Lie half on your side, on your forearm, the ball just under the rim of the pelvis.",
            "Use the other foot to move a little, then hold.",
          ],
          easier: "Turn more onto your back.", harder: "Lift the upper leg onto the lower one."),
        .wall(
          [
            "Stand side-on to the wall, the ball just under the rim of the pelvis.",
            "Let the hip lean in until it is tender, and stay.",
          ],
          easier: "Stand nearer to the wall.", harder: "Cross the outer foot in front."),
      ],
      snomed: "78333006"),
    TargetDescription(
      id: "glute-min", name: "deep outer buttock", latin: "gluteus minimus", area: "glutes", relation: .below,
      role: .direct, depth: .deep, region: "buttock",
      findIt:
        "Deeper and further forward: between the point of the hip in front and the bony bump at the side of the thigh.",
      referrals: [
        Referral("buttock", .common, .local), Referral("thigh", .common, .distant),
        Referral("calf", .sometimes, .distant), Referral("ankle", .sometimes, .distant),
        Referral("hip", .common, .local),
      ],
      cautions: [
        "It can be felt down the leg and so resemble sciatica; a ball cannot tell the two apart.",
        "Stop at any tingling or numbness: the safety check says what needs a doctor.",
      ],
      defaultSeconds: 45, spotsPerSide: 2, discomfortCap: 5,
      setUps: [
        .floor(
          [
            "Lie on your side, rolled slightly forward, the ball between hip point and bump.",
            "Put the upper foot on the floor in front and let it carry weight.", "Sink in slowly and hold.",
          ],
          easier: "More weight on the upper foot and the hands.", harder: "Less weight on the upper foot."),
        .wall(
          [
            "Stand side-on and turn slightly towards the wall.",
            "Put the ball between hip point and bump, and lean in slowly.",
          ],
          easier: "Stand nearer to the wall.", harder: "Lift the heel of the outer foot."),
      ],
      snomed: "75297007"),
    TargetDescription(
      id: "tfl", name: "front pocket", latin: "tensor fasciae latae", area: "tfl", relation: .below,
      role: .indirect,
      depth: .superficial, region: "hip",
      findIt:
        "Under the front trouser pocket, just below and outside the point of the hip. Small, easily missed, and hard to "
        + "reach with a foam roller.",
      referrals: [
        Referral("hip", .common, .local), Referral("thigh", .common, .regional),
        Referral("knee", .sometimes, .distant),
      ],
      cautions: ["Off the hip bone.", "Stop if the outer thigh tingles."],
      defaultSeconds: 45, spotsPerSide: 1, discomfortCap: 6,
      setUps: [
        .floor(
          [
            "Lie between your front and your side, the ball under the pocket.",
            "Carry weight on your forearms; let it sink and hold.",
          ],
          easier: "More weight on the forearms.", harder: "Stretch the leg backwards."),
        .wall(
          ["Face the wall at 45 degrees, the ball in the pocket.", "Lean in and stay."],
          easier: "Stand nearer to the wall.", harder: "Bend the knee of that side."),
      ],
      snomed: nil),
  ]
}
