"""The speaker orders, one rule a file: pure functions of the cast, what was said, a seed and the rules.

Each choice explains itself in a sentence. `speaker_order` names them all; `urge`, the richest, has a file of its own
beside it; `wishes` and `fairness` are the parts of its bids. No model is asked, nothing is remembered
between calls.
"""
