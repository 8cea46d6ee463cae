"""Rows as a Dask frame, in partitions that a worker can hold."""

from __future__ import annotations

import pandas as pd

from aml_magics.sdk.data.table.frame import dask_frame


def test_a_dask_frame_has_a_partition_for_some_row_groups(tmp_path):
    frame = pd.DataFrame({"n": range(1000), "s": [str(number) for number in range(1000)]})
    frame.to_parquet(tmp_path / "x.parquet", row_group_size=100)
    frame.head(0).to_parquet(tmp_path / "y.parquet")
    paths = [str(tmp_path / "x.parquet"), str(tmp_path / "y.parquet")]

    one, many = dask_frame(paths), dask_frame(paths, most_bytes=1)
    assert (one.npartitions, many.npartitions) == (2, 11)
    for made in (one, many):
        back = made.compute().reset_index(drop=True)
        pd.testing.assert_frame_equal(back, frame, check_dtype=False)
