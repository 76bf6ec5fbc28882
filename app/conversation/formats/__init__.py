"""How a conversation runs, as data: formats with roles, phases, votes and secrets, and what follows from them.

`library/` holds one file a format; `format` is its shape, `reading` and `consistency` say in plain words what is wrong
with one. Everything else is a pure function of a format, its `Company` and its `Progress`: who gets which role
(`dealing`), who may speak (`floor`), when a phase is over and what comes then (`play`), how votes are read and counted
(`ballots`), and who may know what (`secrecy`, `telling`). Nothing here writes, waits, or asks a model.
"""
