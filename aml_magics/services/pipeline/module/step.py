"""Steps of modules: each gets the code of a version, and keeps to its interface."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError, did_you_mean
from aml_magics.records.data.data_use import REFERENCE_PLACEHOLDER
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.records.pipeline.module import ModuleStatus
from aml_magics.services.pipeline.document.form import output_word
from aml_magics.services.pipeline.module.module import get, resolved
from aml_magics.warnings import ModuleDeprecatedWarning, warn_caller

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.pipeline.definition import PipelineDefinition, StepDefinition
    from aml_magics.records.pipeline.module import ModuleRecord, ModuleVersion
    from aml_magics.store.store import Store

KIND: Final = "module"
"""The kind of the steps that use them."""


def with_modules(
    store: Store, definition: PipelineDefinition
) -> tuple[PipelineDefinition, dict[str, ModuleVersion]]:
    """A pipeline whose steps of modules say what their versions say; and the versions by the ids of these steps.

    Raises:
        PipelineDisabledError, PipelineNotFoundError: as :func:`resolved` and :func:`get`.
        PipelineError: the data of a step is not that of the ports of its module.
    """
    versions: dict[str, ModuleVersion] = {}
    steps = []
    for step in definition.steps:
        if step.kind == KIND and step.settings.get("module"):
            record = get(store, name=step.settings["module"])
            version = resolved(record, step.settings.get("module_version") or None)
            _warn_deprecated(record, version)
            versions[step.id] = version
            steps.append(_filled(step, version))
        else:  # a step without a module is refused by the check of its kind
            steps.append(step)
    return (replace(definition, steps=tuple(steps)) if versions else definition), versions


def _filled(step: StepDefinition, version: ModuleVersion) -> StepDefinition:
    """A step of a version of a module with what it leaves to the version."""
    given = step.settings.get("script_name")
    if given and given != version.script:
        raise PipelineError(
            f"Step {step.name!r} runs version {version.version!r:.40} of module {step.settings['module']!r:.80}, whose script "
            f"is {version.script!r:.80}, not {given!r:.80}; leave script_name out."
        )
    check_ports(step.name, "input", version, [one.name for one in step.inputs])
    check_ports(step.name, "output", version, [one.name for one in step.outputs])
    check_params(step.name, version, step.params)
    words = {f"{REFERENCE_PLACEHOLDER}{one.name}": one.part.placeholder for one in step.inputs}
    words |= {f"{REFERENCE_PLACEHOLDER}{one.name}": output_word(one.part) for one in step.outputs}
    settings = {
        **step.settings,
        "module_version": version.version,
        "script_name": version.script,
    }
    return replace(
        step,
        settings=settings,
        arguments=step.arguments or tuple(words.get(one, one) for one in version.arguments),
        params={**version.params, **step.params},
        run=version.run if step.run == RunSettings() else step.run,
        target=step.target or version.target,
    )


def check_ports(step: str, what: str, version: ModuleVersion, names: Iterable[str]) -> None:
    """Refuse names that are no ports of a version, and a port that is needed and not among them.

    Args:
        what: ``input`` or ``output``.

    Raises:
        PipelineError: which, and the ports that there are.
    """
    ports = version.inputs if what == "input" else version.outputs
    known, given = [one.name for one in ports], list(names)
    for name in given:
        if name not in known:
            raise PipelineError(
                f"Step {step!r}: version {version.version!r:.40} of the module has no {what} port {name!r:.60}."
                f"{did_you_mean(str(name), known)} It has: {', '.join(known) or 'none'}."
            )
    for one in ports:
        if one.name not in given and not one.is_optional:
            raise PipelineError(
                f"Step {step!r}: the {what} port {one.name!r:.60} of the module has no data; give it in {what}s_map, such as "
                f"{{{one.name!r:.60}: data}}."
            )


def check_params(step: str, version: ModuleVersion, names: Iterable[str]) -> None:
    """Refuse params that a version does not have; raises PipelineError."""
    for name in names:
        if name not in version.params:
            raise PipelineError(
                f"Step {step!r}: version {version.version!r:.40} of the module has no param {name!r:.60}."
                f"{did_you_mean(str(name), version.params)} It has: {', '.join(version.params) or 'none'}."
            )


def _warn_deprecated(record: ModuleRecord, version: ModuleVersion) -> None:
    for what, status in (
        (f"Version {version.version!r:.40} of module", version.status),
        ("Module", record.status),
    ):
        if status is ModuleStatus.DEPRECATED:
            warn_caller(
                f"{what} {record.name!r:.80} is Deprecated: it runs, and a newer one should be used.",
                ModuleDeprecatedWarning,
            )
            return
