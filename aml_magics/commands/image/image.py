"""``image``: show one image, write what builds it, or delete it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.errors import UsageError
from aml_magics.sdk.service.image import Image
from aml_magics.services.image import context, registry
from aml_magics.views.image.image import image_view
from aml_magics.views.image.static import image_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

ACTIONS: Final = ("save", "delete")


class ImageCommand(Command):
    """Shows one image; the value is its handle, of ``save`` the path of the folder."""

    summary = "Show one image with its Dockerfile; write what builds it, or delete it."
    details = """\
actions:
  save FOLDER   write the Dockerfile and all that it copies into an empty folder
  delete        remove this version; refused while a service runs it
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the image and what to do with it."""
        parser.add_argument("image", metavar="NAME[:VERSION]", help="its name; the newest version")
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what to do; else show it")
        parser.add_argument("folder", nargs="?", metavar="FOLDER", help="where it is written to")

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the image, or do what is asked."""
        store = workspace.store
        record = registry.find(store, options.image)
        if (options.action == "save") is (options.folder is None):
            raise UsageError(
                "save needs a folder, such as `save context`."
                if options.action == "save"
                else f"only save takes a folder, and {options.folder!r:.80} is one."
            )
        if options.action == "save":
            made = context.write(store, record.deployment, Path(options.folder), record.name)
            notes = "".join(f"\n{one}" for one in made.notes)
            text = f"Image {record.id} can be built from {str(made.folder)!r}: {', '.join(made.files)}.{notes}"
            return Answer.of_text(text, str(made.folder))
        if options.action == "delete":
            registry.delete(store, record)
            return Answer.of_text(f"Image {record.id} is deleted.", record.id)
        return Answer.of_page(
            lambda: image_page(image_view(store, record)), lambda: Image(workspace, id=record.id)
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest names of images."""
        if name != "image":
            return []
        return sorted({one.name for one in registry.images(workspace.store)})
