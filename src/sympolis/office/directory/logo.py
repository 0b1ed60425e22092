"""The office's logo as a picture that Word and PDF take."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from sympolis.office.directory.models import Office
from sympolis.office.directory.queries import office_with_house

HEIGHT_PX = 240


def office_logo(office: Office | None = None) -> BytesIO | None:
    """The office's logo, or its organisation's, as PNG; None where there is none that can be read. ``office`` is for
    who has it at hand, with its organisation."""
    office = office or office_with_house()
    candidates = [office.logo, office.organisation.logo if office.organisation else None] if office else []
    for candidate in candidates:
        if candidate:
            try:
                with candidate.open("rb") as file, Image.open(file) as picture:
                    return _png(picture)
            except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
                continue  # a brief without logo is better than no brief
    return None


def _png(picture: Image.Image) -> BytesIO:
    picture.thumbnail((HEIGHT_PX * 4, HEIGHT_PX))
    out = BytesIO()
    picture.convert("RGBA").save(out, "PNG")
    out.seek(0)
    return out
