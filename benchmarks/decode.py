"""The limit: decode the 33 columns with pyarrow, and do nothing with them."""

from __future__ import annotations

import sys

import pyarrow.parquet as pq

from benchmarks.data import COLUMNS, ROW_GROUP

if __name__ == "__main__":
    with pq.ParquetFile(sys.argv[1] + "/window.parquet") as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP, columns=[*COLUMNS]):
            assert batch.num_columns == len(COLUMNS)
