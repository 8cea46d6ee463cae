"""Tab completion on the lines of ``%aml``, ``%%aml_run``, ``%%aml_score``, ``%%aml_step`` and ``%%aml_sweep``: commands, options and live values."""

from __future__ import annotations

import re
import shlex
import time
from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError
from aml_magics.sdk.workspace.session import unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult

    from aml_magics.commands._base import Command
    from aml_magics.commands._parser import Argument, Parser

MOST_UNTYPED = 200
"""How many words are offered before the first letter is typed."""

FRESH_SECONDS = 3.0
"""How long live values are reused: about as long as a user types a word."""

_ON_LINE = re.compile(
    r"(?:^|[=\s])(?P<magic>%aml|%%?aml_run|%%aml_score|%%aml_step|%%aml_sweep)[ \t]+(?P<words>[^\n]*)$"
)
_OF_CELLS = frozenset({"%%aml_run", "%%aml_score", "%%aml_step", "%%aml_sweep"})
_QUOTES = ("'", '"')
_FLAG_WITH_VALUE = re.compile(r"(?P<flag>(?<!\S)--[\w-]+)=(?P<value>\S*|'[^']*|\"[^\"]*)$")
_EXPRESSIONS = frozenset({"--filter", "--sort", "--expect"})
_LAST_NAME = re.compile(r"(?:`[^`]*`?|[^\s()=<>!'\"`])*$")
_live: dict[tuple[str, str], tuple[float, list[str]]] = {}


def aml_matcher(context: CompletionContext) -> SimpleMatcherResult:
    """IPython's matcher: the words that fit at the cursor."""
    found = _ON_LINE.search(context.text_until_cursor)
    if found is None or (found["magic"] in _OF_CELLS and context.cursor_line > 0):
        return {"completions": [], "suppress": False}
    line = _FLAG_WITH_VALUE.sub(r"\g<flag> \g<value>", found["words"])
    typed = last_word(line)
    before = line[: len(line) - len(typed)].split()
    is_expression = bool(before) and before[-1] in _EXPRESSIONS
    words = candidates(found["magic"], line)
    if words and all(word.endswith("(") for word in words):  # the user goes on within the brackets
        fits = [word for word in words if word.startswith(typed)]
    else:
        fits = (fitting_end if is_expression else fitting)(words, typed)
    return offer(fits if typed else fits[:MOST_UNTYPED], typed, context)


def fitting(words: Iterable[str], typed: str) -> list[str]:
    """The words that start with the typed text, quoted as it is, else as they need it.

    Args:
        words: without quotes.
        typed: the word under the cursor: ``clinic``, or ``"clinic vi`` with an open quote.
    """
    mark = typed[:1] if typed[:1] in _QUOTES else ""
    escaped = (_escaped(word) for word in words)
    fits = [word for word in escaped if word.startswith(typed[len(mark) :])]
    if mark:
        return [f"{mark}{word}{mark}" for word in fits if mark not in word]
    return [shlex.quote(word) for word in fits]


def fitting_end(words: Iterable[str], typed: str) -> list[str]:
    """The typed expression with its last name completed; its quote stays open for more."""
    name = _LAST_NAME.search(typed[1:] if typed[:1] in _QUOTES else typed)
    begun = "" if name is None else name[0]
    kept = typed[: len(typed) - len(begun)]
    fits = [word for word in map(_escaped, words) if word.startswith(begun)]
    return [kept + word for word in fits] if kept else [shlex.quote(word) for word in fits]


def offer(words: list[str], typed: str, context: CompletionContext) -> SimpleMatcherResult:
    """Return the completions in IPython's form.

    Args:
        typed: the word under the cursor as the magic splits words.
        context: has the token that IPython replaces, which can be shorter or longer.
    """
    from IPython.core.completer import SimpleCompletion

    after = context.full_text.splitlines()[context.cursor_line :][:1]
    if after and typed[:1] in _QUOTES and after[0][context.cursor_position :][:1] == typed[:1]:
        words = [word[:-1] for word in words]  # the editor has put the other quote there already
    cut = max(len(typed) - len(context.token), 0)
    before = context.token[: len(context.token) - len(typed) + cut]
    return {
        "completions": [SimpleCompletion(text=before + word[cut:], type="magic") for word in words],
        "suppress": bool(words),
        "ordered": True,
    }


def candidates(magic: str, line: str) -> list[str]:
    """All words that can follow, whatever the last one starts with.

    Args:
        magic: ``%aml``, ``%%aml_run``, ``%%aml_score``, ``%%aml_step`` or ``%%aml_sweep``.
        line: the text between the magic and the cursor.
    """
    from aml_magics.commands._base import COMMANDS
    from aml_magics.magics.options import options_parser

    before = line[: len(line) - len(last_word(line))].split()
    if magic == "%%aml_score":
        from aml_magics.commands.service._deploying import suggestions
        from aml_magics.magics.remote.score import score_parser

        return words_for(
            score_parser(),
            before,
            line,
            lambda argument: fresh(magic, argument, suggestions),
        )
    if magic == "%%aml_sweep":
        from aml_magics.magics.remote.sweep_options import expressions_after, sweep_parser

        option = next((word for word in reversed(before) if word.startswith("--")), "")
        begun = expressions_after(last_word(line)) if option == "--param" else []
        return begun or words_for(sweep_parser(), before, line, _suggest_for_sweep)
    if magic != "%aml":
        from aml_magics.magics.pipeline.step import step_parser

        parser = step_parser() if magic == "%%aml_step" else options_parser()
        return words_for(parser, before, line, _suggest_for_run)
    if not before:
        return COMMANDS.names()
    if before[0] not in COMMANDS.names():
        return []
    command = COMMANDS.load(before[0])()
    parser = command.parser(f"%aml {before[0]}")
    return words_for(parser, before[1:], line, _suggest_for(before[0], command))


def words_for(
    parser: Parser, before: list[str], line: str, suggest: Callable[[str], list[str]]
) -> list[str]:
    """The words that can follow on a line.

    Args:
        before: the whole words on the line.
        line: the full line, with the word under the cursor.
        suggest: gives live values of an argument, by its name.
    """
    arguments = parser.arguments()
    flags = {flag: each for each in arguments for flag in each.flags}
    waiting = flags.get(before[-1]) if before else None
    if waiting is not None and waiting.takes_value:
        return _values(waiting, suggest)
    if last_word(line).startswith("-"):
        used = set(before)
        return [
            flag
            for flag, each in flags.items()
            if flag.startswith("--") and (flag not in used or each.takes_many)
        ]
    positional = [each for each in arguments if not each.flags]
    return [word for each in positional for word in _values(each, suggest)] or [
        flag for flag in flags if flag.startswith("--")
    ]


def _values(argument: Argument, suggest: Callable[[str], list[str]]) -> list[str]:
    return list(argument.choices) or suggest(argument.name)


def _suggest_for(name: str, command: Command) -> Callable[[str], list[str]]:
    return lambda argument: fresh(name, argument, command.suggest)


def _suggest_for_run(argument: str) -> list[str]:
    from aml_magics.commands._suggestion import (
        compute_names,
        experiment_names,
        metric_words,
        run_words,
    )

    sources: dict[str, Callable[[Any], list[str]]] = {
        "compute": compute_names,
        "experiment": experiment_names,
        "resume": run_words,
        "expect": metric_words,
    }
    source = sources.get(argument)
    if source is None:
        return []
    return fresh("%%aml_run", argument, lambda workspace, _: source(workspace))


def _suggest_for_sweep(argument: str) -> list[str]:
    from aml_magics.commands._suggestion import compute_names, experiment_names, metric_words
    from aml_magics.magics.remote.sweep_options import values_for

    sources: dict[str, Callable[[Any], list[str]]] = {
        "compute": compute_names,
        "experiment": experiment_names,
        "metric": metric_words,
    }
    source = sources.get(argument)
    if source is None:
        return values_for(argument)
    return fresh("%%aml_sweep", argument, lambda workspace, _: source(workspace))


def fresh(where: str, argument: str, ask: Callable[[Any, str], list[str]]) -> list[str]:
    """Live values; empty if the store does not answer, since Tab cannot show an error."""
    when, words = _live.get((where, argument), (float("-inf"), []))
    if time.monotonic() - when < FRESH_SECONDS:
        return words
    from aml_magics.sdk.workspace.workspace import Workspace

    try:
        with unasked():
            words = ask(Workspace.from_config(), argument)
    except (AmlError, OSError):
        words = []
    _live[where, argument] = time.monotonic(), words
    return words


def _escaped(word: str) -> str:
    """Double `$` and `{`, so that the magic does not expand them."""
    if "$" not in word and "{" not in word:
        return word
    return word.replace("$", "$$").replace("{", "{{").replace("}", "}}")


def last_word(line: str) -> str:
    """The word at the end of a line; empty after an unquoted blank."""
    start, quote = 0, ""
    for index, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in _QUOTES:
            quote = letter
        elif letter.isspace():
            start = index + 1
    return line[start:]
