"""The speaker orders, one rule a file: pure functions of the cast, what was said, a seed and the rules.

Each choice explains itself in a sentence. `speaker_order` names them all; `urge`, the richest of them, has a file of its
own beside it, and `wishes` says why somebody may want the floor. No model is asked, nothing is remembered between calls.
"""
