"""Images are told by how they begin."""

from __future__ import annotations

import pytest

from aml_magics.services.run.image import image_type


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"BM....", "bmp"),
        (b"II*\x00", "tiff"),
        (b"MM\x00*", "tiff"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"<svg xmlns='x'/>", "svg"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<svg/>", "svg"),
        (b"", None),
        (b"PNG", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"<?xml version='1.0'?><html/>", None),
        (b"<html><svg/></html>", None),
        (b"%PDF-1.4", None),
        (b"GIF", None),
    ],
)
def test_image_is_told_by_its_beginning(data, suffix):
    assert image_type(data) == suffix
