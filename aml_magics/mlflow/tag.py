"""MLflow's tags: a user's are tags of ours, MLflow's own become what they tell.

==========================  ===============================================================
``mlflow.runName``          the run's name
``mlflow.note.content``     its description
``mlflow.parentRunId``      its parent; set when it is started and not changed later
any other ``mlflow.…``      a property of that name, masked: it may hold a repository's password
==========================  ===============================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mlflow.entities import RunTag
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME, MLFLOW_RUN_NOTE

from aml_magics.records.secret import mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.run import RunRecord

SYSTEM: Final = "mlflow."
PRIVATE: Final = "mlflow.aml."
"""Prefixes of properties that are not tags: inputs, outputs, models."""
STARTED: Final = f"{PRIVATE}started"
"""When a run began that MLflow opened again, in ms: its attempts have later beginnings."""


@dataclass(slots=True)
class Tags:
    """The tags of a call, by where they are kept."""

    name: str | None = None
    description: str | None = None
    parent: str | None = None
    own: dict[str, str] = field(default_factory=dict)
    system: dict[str, str] = field(default_factory=dict)


def classified_tags(tags: Iterable[Any]) -> Tags:
    """Sort the tags of a call by where they are kept."""
    found = Tags()
    for tag in tags:
        key, value = str(tag.key), str(tag.value)
        if key == MLFLOW_RUN_NAME:
            found.name = value
        elif key == MLFLOW_RUN_NOTE:
            found.description = value
        elif key == MLFLOW_PARENT_RUN_ID:
            found.parent = value
        elif key.startswith(SYSTEM):
            found.system[key] = mask(value)
        else:
            found.own[key] = value
    return found


def tags_of(run: RunRecord) -> list[Any]:
    """The tags of a run, as MLflow has them."""
    values = {
        name: text
        for name, text in run.properties.items()
        if name.startswith(SYSTEM) and not name.startswith(PRIVATE)
    }
    values |= {name: text or "" for name, text in run.tags.items()}
    values[MLFLOW_RUN_NAME] = run.name
    if run.description:
        values[MLFLOW_RUN_NOTE] = run.description
    if run.parent is not None:
        values[MLFLOW_PARENT_RUN_ID] = run.parent
    return [RunTag(name, text) for name, text in values.items()]
