// An app imports this module alone: the values that its records are made of come with it.
@_exported import UnknotCausality
@_exported import UnknotStorage
