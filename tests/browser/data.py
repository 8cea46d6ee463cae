"""Datasets for the tests to look at, made in the lab's workspace beside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.sdk.data.dataset.dataset import Dataset
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset

CITIES = ("Oslo", "Bergen", "Bonn", "", "Lyon")


def make_people(
    folder: Path, name: str, *, rows: int = 1_000, columns: int = 2, add: int = 0
) -> TabularDataset:
    """A version of a dataset of people; each cell of column ``f0`` and the next is a number of its own.

    Args:
        folder: where its file goes, in a folder of its own for each version.
        name: what it is called.
        rows: how many.
        columns: columns of numbers beside id, age, city and joined.
        add: to each age.
    """
    place = folder / f"{name}_{rows}_{columns}_{add}"
    place.mkdir(parents=True)
    heads = ["id", "age", "city", "joined", *(f"f{at}" for at in range(columns))]
    lines = [
        ",".join(
            [
                str(row),
                "" if add and row % 5 == 0 else str(row * 7 % 90 + add),
                CITIES[row % 5],
                f"2024-{1 + row % 12:02}-11",
                *(str(row + at / 1_000) for at in range(columns)),
            ]
        )
        for row in range(rows)
    ]
    (place / "people.csv").write_text("\n".join([",".join(heads), *lines, ""]), encoding="utf-8")
    return _registered(place / "people.csv", name, "Everyone, one line a person.")


def make_hostile(folder: Path, name: str) -> TabularDataset:
    """A dataset with markup wherever one keeps text."""
    payloads = [
        payload for payload in HOSTILE["markup"] if payload.isprintable() and '"' not in payload
    ]
    folder.mkdir(parents=True, exist_ok=True)
    lines = [",".join(f'"{head} {at}"' for at, head in enumerate(payloads))]
    lines += [",".join(f'"{payload}"' for payload in payloads)] * 3
    (folder / "hostile.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return _registered(folder / "hostile.csv", name, " ".join(payloads), {"tag": payloads[0]})


def _registered(
    file: Path, name: str, description: str, tags: dict[str, str] | None = None
) -> TabularDataset:
    made = Dataset.Tabular.from_delimited_files(str(file))
    found: TabularDataset = made.register(
        workspace(), name, description=description, tags=tags, create_new_version=True
    )
    return found
