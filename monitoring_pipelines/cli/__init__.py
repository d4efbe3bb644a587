"""The command line `mlmon`."""
