"""Results, summaries, incidents and the outbox in one SQL database."""
