"""The Dagster glue: assets, checks, schedules and sensors."""
