"""One file per route, each a `create(chimera)` that hangs its page. Pages hold no state and no SQL."""
