"""From verdicts to incidents: pure functions of what is stored, the clock is an argument."""
