"""What the path of a request names: a published pipeline, an endpoint or one of its versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote

from aml_magics.services.pipeline.address import SWAGGER

_PATH: Final = re.compile(
    r"/pipelines/v1\.0/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices"
    r"/workspaces/(?P<workspace>[^/]+)/PipelineRuns/(?P<what>PipelineSubmit|PipelineEndpointSubmit)(?P<rest>/.*)"
)
_VERSION: Final = ("pipelineversion", "version")


@dataclass(frozen=True, slots=True)
class Route:
    """``by`` is how the pipeline or endpoint is named; ``version`` is None for an endpoint's default."""

    kind: Literal["pipeline", "endpoint"]
    by: Literal["id", "name"]
    value: str
    version: str | None = None
    is_swagger: bool = False

    @classmethod
    def of_target(cls, target: str, workspace: str) -> Route | None:
        """The route of a request's target, None if there is none. What is escaped is read once."""
        path, _, query = target.partition("?")
        found = _PATH.fullmatch(path)
        if found is None or unquote(found["workspace"]) != workspace:
            return None
        words = [unquote(one) for one in found["rest"][1:].split("/")]
        is_swagger = len(words) > 1 and words[-1] == SWAGGER
        words = words[:-1] if is_swagger else words
        if found["what"] == "PipelineSubmit":
            if len(words) != 1 or not words[0]:
                return None
            return cls("pipeline", "id", words[0], is_swagger=is_swagger)
        asked = {name.lower(): value for name, value in parse_qsl(query)}
        return cls._of_endpoint(words, asked, is_swagger=is_swagger)

    @classmethod
    def _of_endpoint(
        cls, words: list[str], asked: dict[str, str], *, is_swagger: bool
    ) -> Route | None:
        """``Id/ID``, ``Name/NAME`` or ``Name?name=NAME``, and perhaps a version after it."""
        kind, *given = words
        if kind == "Name" and not any(given) and asked.get("name"):
            given = [asked["name"]]
        if kind not in ("Id", "Name") or not 1 <= len(given) <= 2 or not all(given):
            return None
        version = next((asked[name] for name in _VERSION if asked.get(name)), None)
        return cls(
            "endpoint",
            "id" if kind == "Id" else "name",
            given[0],
            given[1] if len(given) == 2 else version,
            is_swagger,
        )
