"""Personas, casts and starters as data: read from files, checked with line numbers, never written by a conversation."""
