"""Signs of attacks and leaks: pure detectors. No clock, no network, no value of the data kept."""
