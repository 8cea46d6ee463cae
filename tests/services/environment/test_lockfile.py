"""The lock of an environment, without a build."""

from __future__ import annotations

import pytest

from aml_magics.errors import EnvironmentBuildError, InvalidEnvironmentError
from aml_magics.services.environment.build import builds
from aml_magics.services.environment.lockfile import lock_of
from tests.services.environment.test_build import HERE, definition


def test_lock_pins_with_hashes_and_builds_nothing():
    lock = lock_of(definition("packaging"))

    assert lock.python == HERE
    assert "\npackaging==" in lock.text
    assert "--hash=sha256:" in lock.text
    assert builds() == []


def test_what_cannot_be_resolved_is_told():
    with pytest.raises(EnvironmentBuildError, match="cannot be resolved"):
        lock_of(definition("packaging==0.0.1.dev7"))
    with pytest.raises(InvalidEnvironmentError, match="name its packages"):
        lock_of({"name": "mine", "python": {"userManagedDependencies": True}})
