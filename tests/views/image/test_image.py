"""What is shown of images."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.errors import ImageInUseError
from aml_magics.services.image import registry
from aml_magics.views.image.image import image_view, images_view
from aml_magics.views.image.static import image_page, images_page
from tests.fixtures.images import SCORE, put_image
from tests.fixtures.services import DIGITS, put_service

P = "<img src=x onerror=alert(1)>"


def test_an_image_tells_its_size_and_who_runs_it(sqlite_store):
    record = put_image(sqlite_store)
    assert images_view(sqlite_store).rows[0].used_by == ()

    put_service(sqlite_store, "digits", replace(DIGITS, requested={"image": record.id}))
    [row] = images_view(sqlite_store).rows
    assert (row.used_by, row.size, row.models) == (("digits",), len(SCORE) + 1, ("digits:1",))
    with pytest.raises(ImageInUseError, match="'digits'"):
        registry.delete(sqlite_store, record)


def test_an_environment_that_the_user_manages_has_no_dockerfile(sqlite_store):
    definition = {"name": "mine", "python": {"userManagedDependencies": True}}
    view = image_view(sqlite_store, put_image(sqlite_store, environment=definition))

    assert (view.dockerfile, view.build, view.environment) == ("", (), "mine")
    assert "is managed by the user" in view.problem
    assert "is managed by the user" in image_page(view).text


def test_words_stay_text(sqlite_store):
    record = put_image(sqlite_store)
    registry.edit(sqlite_store, record, description=P, tags={P: P}, properties={P: P})

    page = image_page(image_view(sqlite_store, registry.get(sqlite_store, "digits-image")))

    assert "<img" not in page.html + images_page(images_view(sqlite_store)).html
    assert "&lt;img" in page.html
