"""How the script of a step runs, in a pipeline's YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.records.distribution import Distribution
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.services.pipeline.document import form

if TYPE_CHECKING:
    from aml_magics.services.pipeline.document.tree import Part


def run_settings(part: Part | None) -> RunSettings:
    """The settings below ``run``; the usual ones of None."""
    fields = {} if part is None else part.fields(form.RUN_KEYS)
    given: dict[str, Any] = {}
    for name in ("environment", "definition"):
        if name in fields and not fields[name].is_null:
            fields[name].fields()
            given[name] = fields[name].plain()
    if "python" in fields:
        given["python"] = fields["python"].text()
    for name in ("variables", "parameters"):
        if name in fields:
            given[name] = {key: one.raw for key, one in fields[name].fields().items()}
    if "max_seconds" in fields and not fields["max_seconds"].is_null:
        given["max_seconds"] = fields["max_seconds"].number()
    if "nodes" in fields:
        given["nodes"] = fields["nodes"].whole(1)
    if "distribution" in fields and not fields["distribution"].is_null:
        given["distribution"] = _distribution(fields["distribution"])
    return RunSettings(**given)


def _distribution(part: Part) -> Distribution:
    fields = part.fields(form.DISTRIBUTION_KEYS)
    framework: Any = (
        fields["framework"].choice("mpi", "pytorch", "tensorflow")
        if "framework" in fields
        else "mpi"
    )
    counts = {name: one.whole() for name, one in fields.items() if name != "framework"}
    return Distribution(framework, **counts)
