"""The engine: who speaks next, what they are told, what is let through, when it ends. No network, no SQL, no screen.

`orchestrator` runs one conversation while it is alive; everything it decides with is a pure function of the transcript,
the cast and the rules. It reaches the world through three protocols: voices, a journal and a clock.
"""
