"""What ``deploy`` and ``%%aml_score`` share: options, and the way from them to a service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer
from aml_magics.errors import ServiceFailedError, UsageError
from aml_magics.records.service import (
    Authentication,
    Deployment,
    Scaling,
    ServiceKind,
)
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.service.inference_config import InferenceConfig
from aml_magics.services.environment import registry as environments
from aml_magics.services.model import registry as models
from aml_magics.services.service import deployment, registry
from aml_magics.services.service.waiting import wait
from aml_magics.views.service.output import service_output
from aml_magics.views.service.service import service_view

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from aml_magics.commands._parser import Parser
    from aml_magics.records.service import ServiceRecord
    from aml_magics.sdk.workspace.workspace import Workspace

AUTHENTICATIONS: Final = tuple(one.value for one in Authentication)
PATIENCE: Final = 300.0
"""Seconds that a command waits until the service answers."""

_SERVICE_NAME: Final = 32


def add_deploy_arguments(parser: Parser) -> None:
    """Declare how a service runs."""
    parser.add_argument(
        "--auth",
        choices=AUTHENTICATIONS,
        default="key",
        help="how callers show that they may (key)",
    )
    parser.add_argument("--env", metavar="NAME", help="a registered environment, else this Python")
    parser.add_argument(
        "--replicas", type=int, default=1, metavar="N", help="processes that answer (1)"
    )
    parser.add_argument(
        "--var", nargs="+", action="extend", default=[], metavar="K=V", help="environment variables"
    )
    parser.add_argument("--description", metavar="TEXT", help="what it is for")
    parser.add_argument("--no-wait", action="store_true", help="return at once, before it answers")


def deploy_script(
    workspace: Workspace,
    name: str,
    model_ids: Sequence[str],
    script: str,
    options: Namespace,
    source: str | None = None,
) -> ServiceRecord:
    """Deploy a scoring script, or update the service of that name.

    Raises:
        WebserviceError: the script or the name breaks a rule.
    """
    store = workspace.store
    if options.replicas < 1:
        raise UsageError(f"--replicas takes a whole number from 1 up, not {options.replicas}.")
    environment = Environment.get(workspace, options.env) if options.env else None
    config = InferenceConfig(script, source_directory=source, environment=environment)
    code = config._keep_code(store)  # noqa: SLF001 -- as Model.deploy keeps it
    authentication = Authentication(options.auth)
    is_large = options.replicas > 1 or authentication is Authentication.TOKEN
    return deployment.deploy(
        store,
        name,
        ServiceKind.AKS if is_large else ServiceKind.ACI,
        Deployment(
            entry_script=code.entry_script,
            code=code.files,
            models=tuple(models.find(store, one).id for one in model_ids),
            environment=config._definition(),  # noqa: SLF001 -- as above
            variables=_variables(options.var),
            authentication=authentication,
            scaling=Scaling(minimum=options.replicas, maximum=options.replicas),
        ),
        description=options.description,
        overwrite=True,
    )


def deployed_answer(
    workspace: Workspace,
    name: str,
    model_ids: Sequence[str],
    script: str,
    options: Namespace,
    source: str | None = None,
) -> Answer:
    """Deploy as :func:`deploy_script`, and show the service."""
    record = deploy_script(workspace, name, model_ids, script, options, source)
    if options.no_wait:
        return service_answer(workspace, record.name)
    return waited_answer(workspace, record.name)


def waited_answer(workspace: Workspace, name: str) -> Answer:
    """The screen of a service, once it answers.

    Raises:
        ServiceFailedError: it does not answer; the log says why, and an older revision goes on.
    """
    try:
        wait(workspace.store, name, timeout=PATIENCE)
    except ServiceFailedError as error:
        raise ServiceFailedError(
            f"{error}\n`%aml service {name} logs` shows all that it printed."
        ) from error
    return service_answer(workspace, name)


def service_answer(workspace: Workspace, name: str) -> Answer:
    """The screen of a service; the value is its handle."""
    store = workspace.store
    return Answer.of_output(
        lambda: service_output(store.record.name, service_view(store, name)),
        lambda: workspace.webservices[name],
    )


def service_name_of(model: str) -> str:
    """A name for the service of a model: small letters, digits and dashes, from a letter on."""
    name = re.sub(r"[^a-z0-9]+", "-", model.partition(":")[0].lower()).strip("-")
    name = name if name[:1].isalpha() else f"s-{name}"
    return f"{name}-service"[:_SERVICE_NAME] if len(name) < 3 else name[:_SERVICE_NAME].rstrip("-")


def service_names(workspace: Workspace) -> list[str]:
    """Names of services."""
    return [one.name for one in registry.services(workspace.store)]


def suggestions(workspace: Workspace, name: str) -> list[str]:
    """Live values of the arguments of a deployment."""
    if name in {"model", "models"}:
        return models.names(workspace.store)
    if name == "env":
        return [one.name for one in environments.list_environments(workspace.store)]
    return service_names(workspace) if name in {"name", "service"} else []


def _variables(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, given, value = pair.partition("=")
        if not given or not name:
            raise UsageError(f"--var takes NAME=VALUE, not {pair!r:.60}.")
        found[name] = value
    return found
