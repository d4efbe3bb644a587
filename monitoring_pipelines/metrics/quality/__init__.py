"""Broken data: what is missing, unseen, impossible, repeated or late."""
