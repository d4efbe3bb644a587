"""Pure decisions over stored verdicts: conditions, incidents, what to say."""
