// A front end imports this module alone: the engine's values that it takes and gives come with it.
@_exported import UnknotEngine
@_exported import UnknotJSON
