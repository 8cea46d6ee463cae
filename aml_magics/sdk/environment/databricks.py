"""Libraries for Databricks: recorded with an environment, and not installed here."""

from __future__ import annotations

from dataclasses import dataclass, field

from aml_magics.sdk.workspace.section import Section


@dataclass(repr=False, eq=False)
class MavenLibrary(Section):
    """A library from a Maven repository."""

    coordinates: str | None = None
    repo: str | None = None
    exclusions: list[str] = field(default_factory=list)


@dataclass(repr=False, eq=False)
class PyPiLibrary(Section):
    """A library from PyPI."""

    package: str | None = None
    repo: str | None = None


@dataclass(repr=False, eq=False)
class RCranLibrary(Section):
    """A library from CRAN."""

    package: str | None = None
    repo: str | None = None


@dataclass(repr=False, eq=False)
class JarLibrary(Section):
    """A jar by its address."""

    library: str | None = None


@dataclass(repr=False, eq=False)
class EggLibrary(Section):
    """An egg by its address."""

    library: str | None = None


@dataclass(repr=False, eq=False)
class DatabricksSection(Section):
    """The libraries of an environment."""

    maven_libraries: list[MavenLibrary] = field(default_factory=list)
    pypi_libraries: list[PyPiLibrary] = field(default_factory=list)
    rcran_libraries: list[RCranLibrary] = field(default_factory=list)
    jar_libraries: list[JarLibrary] = field(default_factory=list)
    egg_libraries: list[EggLibrary] = field(default_factory=list)
