"""A run of a script that was submitted, as Azure ML SDK v1 names it."""

from __future__ import annotations

import shlex
from typing import Any

from aml_magics.records.secret import shown_arguments, without_secrets
from aml_magics.sdk.run.run import Run


class ScriptRun(Run):
    """A submitted run, seen from outside of its script."""

    _is_submitted = True

    def get_details(self) -> dict[str, Any]:
        """The run as a dict with Azure's names, with what it was to do; secrets are masked in it."""
        from aml_magics.sdk.data.use.definition import written_data
        from aml_magics.sdk.job.run_configuration import RunConfiguration

        job = self._job()
        definition = {
            **RunConfiguration().to_dict(),
            **job.definition,
            **written_data(job.data),
            "script": job.script,
            "command": shlex.join(job.command),
            "useAbsolutePath": False,
            "arguments": shown_arguments(job.arguments),
            "target": self._record.target,
            "environment": without_secrets(job.environment or {}),
            "environmentVariables": without_secrets(dict(job.variables)),
            "maxRunDurationSeconds": job.max_seconds,
        }
        return {**super().get_details(), "runDefinition": definition}
