"""Values that every layer speaks: windows, verdicts, results."""
