"""``pip install`` in the kernel "Azure ML (local)": skip what aml_magics provides, and say so.

Microsoft's packages would install into ``azureml`` beside ours, and pin versions of others that
break the rest. The line is changed in pip's own process, however it was started or quoted: ``!pip``,
``%pip``, ``python -m pip``, a bash cell. That pip may belong to any Python, so this file needs
nothing but the standard library.
"""

from __future__ import annotations

import os
import re

_PIP = re.compile(r"(?:.*[/\\])?pip[0-9.]*(?:\.exe|\.py)?")
_AZUREML = re.compile(
    r"\s*(?P<name>azure-?ml(?:[-_.][A-Za-z0-9._-]*)?)\s*(?:\[[^]]*\])?\s*(?:[<>=!~;@(].*)?",
    re.IGNORECASE,
)
_FILES = (".gz", ".whl", ".zip")
_TAKES_VALUE = frozenset(
    (
        "-C", "-c", "-e", "-f", "-i", "-r", "-t",
        "--abi", "--cache-dir", "--cert", "--client-cert", "--config-settings", "--constraint", "--editable",
        "--exists-action", "--extra-index-url", "--find-links", "--global-option", "--implementation",
        "--index-url", "--keyring-provider", "--log", "--no-binary", "--only-binary", "--platform", "--prefix",
        "--progress-bar", "--proxy", "--python-version", "--report", "--requirement", "--retries", "--root",
        "--root-user-action", "--src", "--target", "--timeout", "--trusted-host", "--upgrade-strategy",
        "--use-deprecated", "--use-feature",
    )
)  # fmt: skip
_NAMES_PACKAGES = ("-e", "-r", "--editable", "--requirement")


def change(words: list[str], original: list[str], switch: str) -> None:
    """Change the command line of this process if it is ``pip install``; exit if nothing is left.

    Args:
        original: the line as typed, which shows ``-m pip``.
        switch: the environment variable that turns this on.
    """
    if not _is_pip(words[0], original):
        return
    kept, left_out = without_azureml(words[1:])
    if not left_out:
        return
    instead = [one for word in left_out for one in _brought_by(word)]
    then = f" {', '.join(instead)} is installed instead." if instead else ""
    print(  # noqa: T201 -- among what pip prints
        f"Not installed: {', '.join(left_out)}, since aml_magics gives azureml here.{then} "
        f"(`%env {switch}=0` lets pip install it.)",
        flush=True,
    )
    if not instead and not names_packages(kept):
        os._exit(0)  # while Python starts, SystemExit would be reported as a fatal error
    words[1:] = [*kept, *instead]


def without_azureml(words: list[str]) -> tuple[list[str], list[str]]:
    """Split the words after ``pip`` into those to keep and those that aml_magics provides."""
    place = words.index("install") + 1 if "install" in words else len(words)
    ours = [
        at
        for at in range(place, len(words))
        if words[at - 1] not in _TAKES_VALUE and _name(words[at])
    ]
    kept = [word for at, word in enumerate(words) if at not in ours]
    return kept, [words[at] for at in ours]


def names_packages(words: list[str]) -> bool:
    """Whether the words for ``pip install`` name anything to install."""
    return any(
        words[at].startswith(_NAMES_PACKAGES)
        or not (words[at].startswith("-") or words[at - 1] in _TAKES_VALUE)
        for at in range(words.index("install") + 1, len(words))
    )


def _is_pip(program: str, original: list[str]) -> bool:
    if program != "-m":
        return _PIP.fullmatch(program) is not None
    at = next((at for at, word in enumerate(original) if word.startswith("-m")), 0)
    module = original[at][2:] or "".join(original[at + 1 : at + 2])
    return at > 0 and _PIP.fullmatch(module) is not None


def _name(word: str) -> str:
    """The package of Azure ML SDK v1 that a word names; empty for any other word."""
    is_file = word.lower().endswith(_FILES) and "@" not in word
    found = None if is_file else _AZUREML.fullmatch(word)
    return found["name"] if found else ""


def _brought_by(word: str) -> list[str]:
    """The modules that the package would have brought along and that are not installed."""
    try:
        from importlib.metadata import PackageNotFoundError, version

        from aml_magics.services.environment.requirement import brought_by_azureml
    except (ImportError, SyntaxError):  # another Python than that of aml_magics
        return []
    missing = []
    for requirement in brought_by_azureml(_name(word)) or ():
        try:
            version(re.split(r"[<>=!~;]", requirement)[0])
        except PackageNotFoundError:
            missing.append(requirement)
    return missing
