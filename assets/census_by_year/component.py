"""The same census log by calendar year, its only true time, declared in Python."""

from datetime import date

import dagster as dg

from monitoring_pipelines.components import MonitoredModel


@dg.component_instance
def census_by_year(_context: dg.ComponentLoadContext) -> MonitoredModel:
    """Load the monitored model."""
    return MonitoredModel.model_validate(
        {
            "name": "census_by_year",
            "task": "binary_classification",
            "owner": "team:example",
            "predictions": {
                "location": "data/census_employment/predictions.parquet",
                "columns": {
                    "id": "id",
                    "timestamp": "surveyed",
                    "prediction_score": "predicted_probability",
                    "prediction": "prediction",
                },
            },
            "labels": {
                "location": "data/census_employment/labels.parquet",
                "columns": {"label": "employed"},
            },
            "reference": {"start": date(2015, 1, 1), "end": date(2016, 1, 1)},
            "window": "year",
            "end": date(2019, 1, 1),
        }
    )
