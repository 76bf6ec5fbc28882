"""The benchmarks: what Chimera claims to cost, measured against a reference in the same run.

Each module named in `REGISTRY` holds `run(quick) -> list[Row]` and a docstring whose first line says what it measures.
"""

REGISTRY = ('vendor_reader', 'live_path', 'start', 'engine', 'next_speaker', 'guards')
