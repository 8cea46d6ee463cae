"""Lists the modules without a file of tests of their own name: ``make measures``.

Their behaviour may be tested through others; the list says where to look first.
"""

from __future__ import annotations

from tests.fixtures.source import PACKAGE, ROOT, SOURCES


def untested() -> list[str]:
    """Modules for which there is no ``tests/<layer>/<area>/test_<module>.py``."""
    found = []
    for path in SOURCES:
        inside = path.relative_to(PACKAGE)
        test = ROOT / "tests" / inside.parent / f"test_{inside.stem.strip('_')}.py"
        if path.name != "__init__.py" and inside.parts[0] != "compat" and not test.is_file():
            found.append(inside.as_posix())
    return found


if __name__ == "__main__":
    names = untested()
    print(
        *names,
        f"{len(names)} of {len(SOURCES)} modules have no file of tests of their own",
        sep="\n",
    )
