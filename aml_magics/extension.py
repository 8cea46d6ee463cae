"""``%load_ext aml_magics``: what it installs in IPython, and how it is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.completer import context_matcher

from aml_magics import _namespace
from aml_magics.magics.cell.transformer import AmlStatements, help_for_question, transform
from aml_magics.magics.completion import aml_matcher
from aml_magics.magics.magics import AmlMagics

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_NAME = AmlMagics.__name__
_statements = AmlStatements()
_matcher = context_matcher(identifier="aml_magics")(aml_matcher)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Install magics, transformer, completion, and the hint for a missing ``azureml``."""
    if _NAME in shell.magics_manager.registry:
        return
    magics = AmlMagics(shell)
    shell.register_magics(magics)  # which also puts itself before `%config`
    shell.input_transformers_cleanup.extend([transform, help_for_question])
    shell.ast_transformers.append(_statements)
    shell.Completer.custom_matchers += [_matcher, magics.sql_matcher]
    _namespace.explain_when_off()
    magics.preload.start()


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Remove them, and end the run of a cell that is still going."""
    magics = shell.magics_manager.registry.pop(_NAME, None)
    if magics is None:
        return
    magics.preload.stop()
    magics.watch.close()
    _namespace.explain_no_more()
    for kind, names in magics.magics.items():
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    shell.configurables[:] = [one for one in shell.configurables if one is not magics]
    shell.input_transformers_cleanup.remove(transform)
    shell.input_transformers_cleanup.remove(help_for_question)
    shell.ast_transformers.remove(_statements)
    shell.Completer.custom_matchers.remove(_matcher)
    shell.Completer.custom_matchers.remove(magics.sql_matcher)
