import ArgumentParser
import UnknotKit
import UnknotReport

extension Sync {
  struct Status: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Show what other devices are known to hold.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let devices = try context.journal.devices()
      show(devices.filter { !$0.isThis }, notesOf: devices, context, nothing: "no other device is known yet")
    }
  }

  struct Devices: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "List all known devices.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let devices = try context.journal.devices()
      show(devices, notesOf: devices, context, nothing: "")
    }
  }
}

private func show(
  _ devices: [DeviceItem], notesOf all: [DeviceItem], _ context: Context, nothing: String
) {
  let text = RecordText(context)
  context.output.list(devices.map(\.json)) {
    if devices.isEmpty {
      Message.note(nothing)
    } else {
      context.output.table(
        [
          Table.Column("device", .text), Table.Column("known to hold"), Table.Column("behind"),
          Table.Column("last import"), Table.Column(""),
        ],
        devices.map {
          [
            $0.name, String($0.acknowledged), String($0.behind), $0.lastImport.map(text.cell) ?? "never",
            (($0.isThis ? ["this device"] : []) + ($0.isRetired ? ["retired"] : [])).joined(separator: ", "),
          ]
        })
    }
    // What happened to journals, in plain words.
    if let own = all.first(where: \.isThis),
      all.contains(where: { !$0.isThis && $0.name.utf8.elementsEqual(own.name.utf8) })
    {
      Message.note(
        "another device is called \(own.name), as this one is: unknot init --device NAME gives it a name of its own"
      )
    }
    for device in all where device.histories > 1 {
      Message.note(
        "\(device.name)'s journal was copied or restored and written to on both sides: \(device.histories) "
          + "histories, all kept")
    }
    for device in all where device.restores > 0 {
      Message.note("\(device.name)'s journal was restored from a backup, \(counted(device.restores, "time"))")
    }
  }
}
