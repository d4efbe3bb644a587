"""Images of a log: found, decoded once, measured, and shown; no row is kept."""
