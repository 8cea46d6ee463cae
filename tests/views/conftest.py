"""Programs for tests that follow what another process does."""

from tests.services.conftest import scripts

__all__ = ["scripts"]
