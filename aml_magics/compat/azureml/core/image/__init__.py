"""Images."""

from typing import TYPE_CHECKING

from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.handles import ContainerImage as ContainerImage
    from aml_magics.sdk.handles import Image as Image

__all__ = ["ContainerImage", "Image"]
__getattr__ = load(__name__, __all__)


def __dir__() -> list[str]:
    return [*__all__]
