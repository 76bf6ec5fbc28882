"""Whether the room is unwell, and what is done about it: four detectors and a graded answer, without asking a model.

Each detector is a pure function of the last lines, built on `app.measures`, and silent until there is enough to go by;
`guards` keeps those lines, `answers` decides what the room gets. Nothing here knows an orchestrator, a prompt's layout
or a screen. Words with a meaning are English; in other languages only what rests on letters and repetition is found.
"""
