"""Channels that people hear from: one file each."""
