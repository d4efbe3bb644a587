"""Evidently's drift, summary and classification presets; runs in an environment of its own.

The CPU time without imports goes to ``cpu_s`` in the folder.
"""

import sys
import time
from pathlib import Path

import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Report
from evidently.presets import ClassificationPreset, DataDriftPreset, DataSummaryPreset


def main(folder: str) -> None:
    began = time.process_time()
    frames = {
        name: pd.read_parquet(f"{folder}/{name}.parquet").drop(columns="predicted_at")
        for name in ("reference", "window")
    }
    names = list(frames["window"].columns)
    definition = DataDefinition(
        numerical_columns=[name for name in names if name.startswith("numeric")],
        categorical_columns=[name for name in names if name.startswith("category")],
        classification=[
            BinaryClassification(
                target="label", prediction_labels="prediction", prediction_probas="score"
            )
        ],
    )
    window, reference = (
        Dataset.from_pandas(frames[name], data_definition=definition)
        for name in ("window", "reference")
    )
    report = Report([DataDriftPreset(), DataSummaryPreset(), ClassificationPreset()])
    found = report.run(window, reference).dict()
    print(f"{len(found['metrics'])} numbers")
    Path(folder, "cpu_s").write_text(str(time.process_time() - began), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
