"""The core: everything Chimera knows and does. It draws nothing.

chimera.py      the composition root: owns everything with a life
settings.py     the only reader of the environment
store/          tables and queries: the only place that knows SQL
conversation/   the engine: who speaks, what they are told, when it ends
live/           persist, then publish: the journal, the channels, the runner
providers/      the only network to models
casting/        personas, casts and starters, read from files
"""
