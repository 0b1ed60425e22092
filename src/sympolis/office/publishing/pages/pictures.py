"""Pictures for pages and news: bounded, made afresh in a few widths, without what cameras write into files."""

from __future__ import annotations

import io
import secrets
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.publishing.pages.models import PICTURES, Picture

WIDTHS = (480, 960, 1600)
LARGEST_SIDE = 3200  # twice the widest file: nothing larger is worked with
SHARE = (1200, 630)  # what sites that show a link expect
MOST_DOTS = 40_000_000
MOST_BYTES = 15 * 2**20
FORMATS = ["PNG", "JPEG", "GIF", "WEBP"]


class PictureRefused(ValueError):
    """The file can't be taken in; the sentence says why and what to do."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def read_picture(upload: File[Any]) -> Any:
    """The dots of a file, upright and in plain colours. Raises PictureRefused before anything large is unpacked."""
    if upload.size > MOST_BYTES:
        raise PictureRefused(_("The picture is larger than 15 MB. Make it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image: Any = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MOST_DOTS:
            raise Image.DecompressionBombError
        if image.mode in {"1", "P", "I", "I;16"}:  # dots that cannot be mixed
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), reducing_gap=2.0)  # before it is copied: memory is what it costs
        upright = ImageOps.exif_transpose(image)
        has_holes = "A" in upright.getbands() or "transparency" in upright.info
        return upright.convert("RGBA" if has_holes else "RGB")
    except Image.DecompressionBombError as error:
        raise PictureRefused(
            _("The picture has more than 40 million dots. Make it smaller, 4,000 by 3,000 at most, and try again.")
        ) from error
    except Exception as error:  # a broken file fails in as many ways as there are decoders
        raise PictureRefused(_("This file is no picture we can read. Choose a PNG, JPEG, GIF or WebP file.")) from error


def keep_picture(image: Any, alt: Text, credit: str, by: User | None) -> Picture:
    """Write the files of a picture, then its row: files without a row harm nobody, a row without files would."""
    name = secrets.token_hex(12)
    folder = Path(settings.MEDIA_ROOT) / PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    # Nothing of the file itself is written again: what is saved is made of dots, and has no place for anything else.
    widths = [width for width in WIDTHS if width < image.width] + [min(image.width, WIDTHS[-1])]
    widths = sorted(set(widths))
    for width in widths:
        size = (width, max(1, round(image.height * width / image.width)))
        scaled = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        _write(folder / f"{name}-{width}.webp", scaled, "WEBP", quality=82, method=4)
    _write(folder / f"{name}-share.jpg", _share(image), "JPEG", quality=84, optimize=True)
    height = max(1, round(image.height * widths[-1] / image.width))
    return Picture.objects.create(
        name=name, width=widths[-1], height=height, widths=widths, alt=alt, credit=credit, added_by=by
    )


def _share(image: Any) -> Any:
    """The middle of a picture in the shape of what is shared, on white where it has holes."""
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return ImageOps.fit(ground, SHARE, Image.Resampling.LANCZOS)


def _write(path: Path, image: Any, kind: str, **how: Any) -> None:
    out = io.BytesIO()
    image.info = {}
    image.save(out, kind, **how)
    path.write_bytes(out.getvalue())


def pictures_named(names: Iterable[str]) -> dict[str, Picture]:
    wanted = list(names)
    if not wanted:
        return {}
    return {one.name: one for one in Picture.objects.filter(name__in=wanted)}


def address_of(name: str, width: int) -> str:
    return f"{settings.MEDIA_URL}{PICTURES}/{name}-{width}.webp"


def share_address(name: str) -> str:
    return f"{settings.MEDIA_URL}{PICTURES}/{name}-share.jpg"


def sources_of(picture: Picture) -> str:
    """What a browser chooses from: addresses with their widths."""
    return ", ".join(f"{address_of(picture.name, width)} {width}w" for width in picture.widths)
