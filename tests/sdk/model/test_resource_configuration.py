from __future__ import annotations

import pytest

from aml_magics.errors import InvalidArgumentError
from aml_magics.sdk.model.resource_configuration import ResourceConfiguration


def test_what_is_written_comes_back():
    wanted = ResourceConfiguration(cpu=0.5, memory_in_gb=2)
    found = ResourceConfiguration.deserialize(wanted.serialize())

    assert repr(found) == "ResourceConfiguration(cpu=0.5, memory_in_gb=2, gpu=None)"
    assert ResourceConfiguration.deserialize(None) is None


@pytest.mark.parametrize("cpu", [0, -1, "2", True, float("nan")])
def test_what_is_no_number_above_zero_is_refused(cpu):
    with pytest.raises(InvalidArgumentError, match="cpu of a ResourceConfiguration is a number"):
        ResourceConfiguration(cpu=cpu)
