"""Groups of people against the rest: who is selected, and for whom the model errs."""
