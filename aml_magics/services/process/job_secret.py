"""Secrets of a job: given to its script, and forgotten when the run ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aml_magics.records.secret import MASK, shown_arguments, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from aml_magics.records.job import JobRecord
    from aml_magics.store.store import Store


def forget_within(store: Store, connection: sa.Connection, key: int) -> None:
    """Mask the secrets of a run's job, if it has one."""
    try:
        job = store.jobs.get(connection, key)
    except (ValueError, TypeError, KeyError, AttributeError):
        return  # it is damaged; the run ends anyway
    if job is not None and (masked := without_job_secrets(job)) != job:
        store.jobs.replace(connection, masked)


def secrets_in(job: JobRecord) -> Iterator[str]:
    """The secret values among a job's arguments."""
    for words in (job.command, job.arguments):
        for word, shown in zip(words, shown_arguments(words), strict=True):
            head, found, _ = shown.partition(MASK)
            if found:
                yield word.removeprefix(head)


def without_job_secrets(job: JobRecord) -> JobRecord:
    """The job without secrets: no one runs it again."""
    return replace(
        job,
        command=tuple(shown_arguments(job.command)),
        arguments=tuple(shown_arguments(job.arguments)),
        variables=without_secrets(job.variables),
        environment=_without_secret_variables(job.environment),
        definition=without_secrets(job.definition),
    )


def _without_secret_variables(environment: dict[str, Any] | None) -> dict[str, Any] | None:
    """A reusable definition: a secret is left out, since ``***`` would be taken for a value."""
    given = (environment or {}).get("environmentVariables")
    if environment is None or not isinstance(given, dict):
        return environment
    kept = {name: one for name, one in given.items() if without_secrets(one, name) == one}
    return {**environment, "environmentVariables": kept}
