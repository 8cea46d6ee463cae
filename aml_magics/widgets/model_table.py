"""The live panels of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.model.model import Model
from aml_magics.widgets.screen import ScreenWidget

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace


class ModelTable(ScreenWidget):
    """The table of a workspace's models, or of the versions of one.

    Args:
        name: all versions of this model; else each model in its newest version.
        filter: words, or a condition such as ``metrics.accuracy > 0.9``.

    Raises:
        InvalidFilterError: the filter cannot be read.
        ModelNotFoundError: there is no model of this name.
    """

    def __init__(self, workspace: Workspace, name: str = "", filter: str = "") -> None:
        super().__init__(workspace, "models", {"name": name, "filter": filter})

    def __repr__(self) -> str:
        given = {name: value for name, value in self._given.items() if value}
        return f"ModelTable({', '.join(f'{name}={value!r}' for name, value in given.items())})"


class ModelWidget(ScreenWidget):
    """The panel of one version of a model.

    Raises:
        InvalidArgumentError: it is not a model.
    """

    def __init__(self, model: Model) -> None:
        if not isinstance(model, Model):
            raise InvalidArgumentError(
                f"ModelWidget takes a model, not {type(model).__name__} ({model!r:.60}); "
                "Model(workspace, name) gives one."
            )
        self.model = model
        """The displayed model."""
        super().__init__(model.workspace, "model", {"model": model.name, "version": model.version})

    def __repr__(self) -> str:
        return f"ModelWidget({self.model.id!r})"
