"""``aml-magics iot-manifest``: what an IoT Edge device is told to run a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aml_magics.cli._base import ShellCommand
from aml_magics.errors import UsageError
from aml_magics.services.image.context import PORT
from aml_magics.services.image.edge import manifest

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser


class IotManifestCommand(ShellCommand):
    """Prints the deployment manifest of IoT Edge for an image."""

    summary = "Print the IoT Edge deployment manifest that runs an image on a device."
    details = (
        "Package a model (`package = Model.package(...)`), build and push its image, then give its address:\n"
        "aml-magics iot-manifest host/digits:3 --module digits > deployment.json\n"
        "az iot edge set-modules --content deployment.json ... sends it to a device."
    )

    def arguments(self, parser: Parser) -> None:
        """Declare the image and its module."""
        parser.add_argument("image", help="the image's address in a registry")
        parser.add_argument("--module", required=True, help="the module's name on the device")
        parser.add_argument(
            "--port", type=int, default=PORT, help=f"where the device listens ({PORT})"
        )
        parser.add_argument(
            "--env",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="an environment variable",
        )
        parser.add_argument(
            "--route",
            action="append",
            default=[],
            help="'FROM source INTO sink'; to the cloud if none is given",
        )
        parser.add_argument(
            "--registry", metavar="ADDRESS", help="a registry that asks who reads it"
        )
        parser.add_argument(
            "--username",
            help="who reads it; the password is the variable ${PASSWORD} of the device's tool",
        )

    def execute(self, options: Namespace) -> int:
        """Print it."""
        registry = None
        if options.registry:
            registry = {
                "address": options.registry,
                "username": options.username or "",
                "password": "${PASSWORD}",
            }
        made = manifest(
            options.image,
            options.module,
            port=options.port,
            variables=dict(_pair(one) for one in options.env),
            routes=options.route,
            registry=registry,
        )
        print(json.dumps(made, indent=2))
        return 0


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not (name and mark):
        raise UsageError(f"--env takes NAME=VALUE, not {text!r:.80}.")
    return name, value
