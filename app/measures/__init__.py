"""What can be said of a transcript without a model: definitions as pure functions, and small accumulators that keep
them current line by line at a constant cost. Every number states its range; nothing here stores, draws or waits.

Counts of characters, trigrams, compression and turns hold in any script. Whatever looks for words with a meaning
(agreement, hedges, refusals, stop words) knows English only and is silent elsewhere: its lists are in `markers`.
"""
