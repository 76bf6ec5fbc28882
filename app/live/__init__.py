"""Persist, then publish: the journal writes what was said, the channels tell who is listening, the runner decides
which conversation is alive. Nothing here draws, asks a model or decides who speaks.
"""
