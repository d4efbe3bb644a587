"""Engines that turn a window of a prediction log into summaries, where the data lies."""
