"""The bridge to Great Expectations; nothing else imports it."""
