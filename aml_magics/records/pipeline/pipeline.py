"""A pipeline as it is kept: compiled, so that it can run when its folders are gone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from aml_magics.records.job import SourceFile
from aml_magics.records.pipeline.definition import PipelineDefinition

PIPELINE_RUN: Final = "azureml.PipelineRun"
STEP_RUN: Final = "azureml.StepRun"
"""Azure's types of the run of a pipeline and of a step."""

FINISHED: Final = "Finished"
"""What a pipeline and its steps are called when Completed."""


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """A compiled step: its run and job without what a submission decides.

    ``job`` are fields of its ``JobRecord`` and ``run`` of its ``RunRecord``. ``files`` is the code, kept in
    the blobs under ``source_id``; ``parts`` are those of its code snapshot.
    """

    job: dict[str, Any]
    run: dict[str, Any]
    source_id: str = ""
    files: tuple[SourceFile, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineGraph:
    """A compiled pipeline: its definition, and a template for each step by the step's id."""

    definition: PipelineDefinition
    templates: dict[str, StepTemplate] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The graph as plain JSON; the files of a folder that several steps share are in it once."""
        written = asdict(self)
        sources = {one.source_id: one.files for one in self.templates.values()}
        for template in written["templates"].values():
            del template["files"]
        return {
            **written,
            "sources": {id_: [*map(asdict, files)] for id_, files in sources.items()},
        }

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> PipelineGraph:
        """The graph whose fields :meth:`to_dict` gave, and JSON kept."""
        sources = {
            id_: tuple(SourceFile(**one) for one in files)
            for id_, files in written["sources"].items()
        }
        templates = {
            step: StepTemplate(**one, files=sources[one["source_id"]])
            for step, one in written["templates"].items()
        }
        return cls(PipelineDefinition.of_dict(written["definition"]), templates)


class PipelineStatus(StrEnum):
    """Whether a published pipeline, an endpoint or a schedule may be used."""

    ACTIVE = "Active"
    DISABLED = "Disabled"
    ARCHIVED = "Archived"


@dataclass(frozen=True, slots=True)
class PipelineRecord:
    """A published pipeline, or a draft of one.

    ``kind`` is ``published`` or ``draft``. ``details`` has what else Azure keeps: the run that it came from,
    ``continue_on_step_failure``, and of a draft its experiment, tags and properties.
    """

    key: int
    id: str
    kind: str
    name: str
    version: str | None
    description: str
    status: PipelineStatus
    created: float
    graph: PipelineGraph
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PipelineRunRecord:
    """What the run of a pipeline was asked for.

    ``host`` is the machine of its controller. ``parameters`` are values by name, of all parameters.
    ``pipeline_id`` is the published pipeline it was made from, ``endpoint_id`` and ``schedule_id`` what started it.
    ``rerun_of`` is the run whose ended steps it takes over, if it was run again from a step.
    """

    run_key: int
    host: str
    graph: PipelineGraph
    parameters: dict[str, Any] = field(default_factory=dict)
    continue_on_step_failure: bool = False
    regenerate_outputs: bool = False
    pipeline_id: str | None = None
    endpoint_id: str | None = None
    schedule_id: str | None = None
    rerun_of: str | None = None


class StepDecision(StrEnum):
    """What was decided of a step of a run."""

    WAITING = "waiting"
    """Its inputs are not there yet."""

    QUEUED = "queued"
    """Its script was queued, or its sweep submitted."""

    REUSED = "reused"
    SKIPPED = "skipped"
    """A step before it failed or was canceled."""


@dataclass(frozen=True, slots=True)
class StepRunRecord:
    """A step of a pipeline's run.

    ``reuse_key`` is the digest of ``reuse_parts``, what its outputs depend on: ``{"code": …, "environment": …,
    "arguments": …, "inputs": …, "parameters": …}``. ``reuse_note`` says in a line why it was reused or not.
    ``reused_from`` is the id of the run whose outputs it has. ``tries`` counts the attempts of its script.
    ``written`` is how many files its outputs had when it ended, by name.
    """

    run_key: int
    pipeline_key: int
    step: str
    position: int
    decision: StepDecision = StepDecision.WAITING
    reuse_key: str | None = None
    reuse_parts: dict[str, Any] = field(default_factory=dict)
    reuse_note: str = ""
    reused_from: str | None = None
    tries: int = 0
    written: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """An endpoint: a name whose default version decides which published pipeline runs."""

    key: int
    id: str
    name: str
    description: str
    status: PipelineStatus
    default_version: str
    created: float
    versions: dict[str, str] = field(default_factory=dict)
    """The ids of published pipelines by version."""


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """When a published pipeline or an endpoint runs by itself.

    ``details`` is what was asked for: ``recurrence`` (``frequency``, ``interval``, ``start_time``, ``time_zone``,
    ``hours``, ``minutes``, ``week_days``) with its ``anchor``, or ``trigger`` (``datastore``, ``path``,
    ``polling_interval`` in minutes, ``parameter``), ``experiment``, ``parameters``, ``continue_on_step_failure``,
    ``catch_up`` (``none``, ``latest``, or how many slots that were missed run later). ``since`` is when it was last
    enabled or edited: no slot before it fires. ``host`` is the machine that looks after it.
    """

    key: int
    id: str
    name: str
    description: str
    status: PipelineStatus
    pipeline_id: str | None
    endpoint_id: str | None
    host: str
    created: float
    since: float
    details: dict[str, Any] = field(default_factory=dict)


class SlotState(StrEnum):
    """What became of a slot."""

    CLAIMED = "claimed"
    """Its run is being submitted, under the id that the slot gives it."""

    STARTED = "started"
    FAILED = "failed"
    """No run could be submitted; the slot says why."""

    MISSED = "missed"
    """Nothing looked after the schedule then, nor at the slots before it that have no record."""

    SEEN = "seen"
    """A version of a file that was there when the schedule was made, enabled or edited."""


@dataclass(frozen=True, slots=True)
class ScheduleSlot:
    """What a schedule is due for, claimed once: a time, or a version of a file.

    ``slot`` is ``2026-01-31T09:00:00Z``, or the file's path, ``@`` and its version. ``run_id`` is its run, if any.
    """

    schedule: int
    slot: str
    claimed: float
    state: SlotState
    run_id: str | None = None
    error: str = ""
