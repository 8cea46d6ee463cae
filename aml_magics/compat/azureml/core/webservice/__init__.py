"""Web services."""

from typing import TYPE_CHECKING

from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.handles import AciWebservice as AciWebservice
    from aml_magics.sdk.handles import AksEndpoint as AksEndpoint
    from aml_magics.sdk.handles import AksWebservice as AksWebservice
    from aml_magics.sdk.handles import LocalWebservice as LocalWebservice
    from aml_magics.sdk.handles import Webservice as Webservice

__all__ = ["AciWebservice", "AksEndpoint", "AksWebservice", "LocalWebservice", "Webservice"]
__getattr__ = load(__name__, __all__)


def __dir__() -> list[str]:
    return [*__all__]
