"""Channels that carry messages to people. Every text becomes inert here."""
