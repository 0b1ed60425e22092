"""Pictures people upload, made afresh so that only their dots are kept."""

from __future__ import annotations

import io
import warnings
from typing import Any

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

LARGEST_SIDE = 1000
MOST_DOTS = 40_000_000


class NotAPicture(ValueError):
    """The file is no picture we read, or far too large a one."""


def tidy_picture(upload: File[Any]) -> ContentFile[bytes]:
    """A PNG of at most 1000 dots a side, without what cameras and strangers write into files. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Any = Image.open(upload, formats=["PNG", "JPEG", "GIF", "WEBP"])
            if image.width * image.height > MOST_DOTS:
                raise NotAPicture("too many dots")
            image = ImageOps.exif_transpose(image).convert("RGBA")
    except NotAPicture:
        raise
    except Exception as error:  # a broken file fails in as many ways as there are decoders
        raise NotAPicture(str(error)) from error
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    stem = (upload.name or "logo").rsplit("/", 1)[-1].rsplit(".", 1)[0][:60]
    return ContentFile(out.getvalue(), name=f"{stem}.png")
