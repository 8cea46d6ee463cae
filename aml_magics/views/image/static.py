"""The pages of one image and of the table of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import code_block, element
from aml_magics.views.static.page import (
    Drawing,
    Page,
    paragraph,
    tag_text,
    tags_html,
    warnings_html,
)
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import bytes_text, count_text, more_text, timestamp_text
from aml_magics.views.text.typeset import fitting_lines

if TYPE_CHECKING:
    from aml_magics.views.image.image import ImageRowView, ImagesView, ImageView

ROWS: Final = 100
FILES: Final = 50
_NOTHING: Final = (
    "No images yet. Image.create(workspace, name, models, ContainerImage.image_configuration(...)) makes one; "
    "Model.package(workspace, models, inference_config) writes a container without keeping an image."
)


def images_page(view: ImagesView) -> Page:
    """The table of images."""
    columns = [
        Column("Image"),
        Column("Version", is_number=True),
        Column("State"),
        Column("Models"),
        Column("Entry script"),
        Column("Size", is_number=True),
        Column("Used by"),
        Column("Author"),
        Column("Created"),
    ]
    rows = [_row(row) for row in view.rows[:ROWS]]
    label = f"{count_text(len(view.rows), 'image')} of workspace {view.workspace}"
    table = Table(columns, rows, more_text(len(view.rows), ROWS, "image"))
    return Page("images", label, [table if rows else paragraph(_NOTHING)])


def image_page(view: ImageView) -> Page:
    """Facts, the files of its code, the Dockerfile and how it is built."""
    row = view.row
    facts = {
        "Image": f"{row.name}:{row.version}",
        "State": row.state,
        "Models": ", ".join(row.models),
        "Entry script": row.entry_script,
        "Environment": view.environment,
        "Packages": ", ".join(view.packages),
        "Size": f"{bytes_text(row.size)} of models and code",
        "Used by": ", ".join(row.used_by),
        "Author": row.author,
        "Created": timestamp_text(row.created),
        "Description": view.description,
        **{f"Property {name}": value or "" for name, value in view.properties.items()},
    }
    tags = ", ".join(tag_text(name, value) for name, value in view.tags.items())
    files = [[name, bytes_text(size)] for name, size in view.files[:FILES]]
    return Page(
        "image",
        f"Image {row.name}:{row.version}",
        [
            Table.of_facts({name: value for name, value in facts.items() if value}),
            Drawing(lambda: tags_html(view.tags), lambda: fitting_lines(tags)) if tags else None,
            Table(
                [Column("File"), Column("Size", is_number=True)],
                files,
                more_text(len(view.files), FILES, "file"),
                title="Code",
            ),
            _note(view.problem) if view.problem else None,
            _code("Dockerfile", view.dockerfile) if view.dockerfile else None,
            _code("Build and start it", "\n".join(view.build)) if view.build else None,
        ],
    )


def _note(text: str) -> Drawing:
    return Drawing(lambda: warnings_html([text]), lambda: fitting_lines(text))


def _code(title: str, text: str) -> Drawing:
    return Drawing(
        lambda: [element("h4", None, title), code_block(text, title)],
        lambda: [title, *(f"  {line}" for line in text.rstrip().splitlines())],
    )


def _row(row: ImageRowView) -> list[str]:
    return [
        row.name,
        str(row.version),
        row.state,
        ", ".join(row.models),
        row.entry_script,
        bytes_text(row.size),
        ", ".join(row.used_by),
        row.author,
        timestamp_text(row.created),
    ]
