"""The only network to models: the port, its readers, the vendors, and the scripted voice that stands in for them.

A failure leaves here as one `ProviderError` with a verdict, never as text. Nothing here knows a conversation's rows.
"""
