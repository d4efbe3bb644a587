"""The monitored models of this checkout: one folder each."""
