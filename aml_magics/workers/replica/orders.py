"""What a replica is to do: ``replica.json``, written by the supervisor."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """What the replica takes on; as ``records.service.Limits``, read without msgspec."""

    scoring: float = 60.0
    wait: float = 60.0
    init: float = 300.0
    receive: float = 60.0
    body: int = 100_000_000
    concurrent: int = 1
    queue: int = 100


@dataclass(frozen=True, slots=True)
class Orders:
    """The content of ``replica.json``. ``raw`` is all of it, for what only a part needs."""

    service: str
    revision: int
    app: str
    entry_script: str
    model_dir: str
    log: str
    keys: str
    traffic: str
    version: str = ""
    workspace: str = ""
    authentication: str = "none"
    limits: Limits = field(default_factory=Limits)
    cors: tuple[str, ...] = ()
    collects_data: bool = False
    app_insights: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; what a newer supervisor adds is kept in ``raw`` alone."""
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = {one.name for one in fields(cls)} - {"raw", "limits", "cors"}
        limits = {one.name for one in fields(Limits)}
        return cls(
            **{name: value for name, value in raw.items() if name in known},
            limits=Limits(**{k: v for k, v in raw.get("limits", {}).items() if k in limits}),
            cors=tuple(raw.get("cors") or ()),
            raw=raw,
        )

    def enter(self) -> None:
        """Make this process the service's: environment variables, and the app as current folder."""
        os.environ.update(self.variables)
        os.environ["AML_APP_ROOT"] = self.app
        os.environ["AZUREML_ENTRY_SCRIPT"] = self.entry_script
        os.environ["AZUREML_MODEL_DIR"] = self.model_dir
        os.environ.setdefault("SERVICE_NAME", self.service)
        os.environ.setdefault("WORKSPACE_NAME", self.workspace)
        os.chdir(self.app)
