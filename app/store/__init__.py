"""Tables and queries: the only place that knows SQL.

Every query takes a `Scope` first and returns rows of that scope's workspace only. Rows are plain SQLModel objects
without relationships, readable after their session has closed. Nothing here decides anything about a conversation.
"""
