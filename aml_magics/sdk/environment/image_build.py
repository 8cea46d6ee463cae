"""What ``Environment.build`` returns: Azure builds a container image, here packages are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aml_magics.records.environment import BuiltEnvironment


class ImageBuildDetails:
    """A build that is done; ``built`` tells its interpreter, packages and notes."""

    def __init__(self, built: BuiltEnvironment, log: list[str]) -> None:
        self.built = built
        self._log = log

    @property
    def status(self) -> str:
        """Always Succeeded: a build that fails raises."""
        return "Succeeded"

    def wait_for_completion(self, show_output: bool = True) -> ImageBuildDetails:
        """Return at once, after printing what was done if that is wanted."""
        if show_output:
            for line in (*self._log, *self.built.notes):
                print(line)
            print(f"Python {self.built.python_version}: {self.built.python}")
        return self

    def __repr__(self) -> str:
        """Where it is."""
        return f"ImageBuildDetails(status={self.status!r}, python={self.built.python!r})"
