public import UnknotEngine

extension ReplicaChange {
  /// Whether a list of records of this type may look otherwise. Bouts and steps count for what they belong to as well.
  public func touches(_ type: RecordType) -> Bool { kinds.contains(type.name) }

  /// Whether this record may look otherwise. Names of devices, and how short ids are, change with `isOfDevices`.
  ///
  /// - Parameter id: in full, as `JournalRecord.id`.
  public func touches(record id: String) -> Bool { Dot(id).map(touches) ?? false }
}
