"""One run of one model in plain Python; no Dagster."""
