"""Hours are written one way, in mails and on pages."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils.translation import override

from sympolis.office.core.templatetags.show import hours, hours_said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "16:00–09:05"), ("ca", "16:00–9:05"), ("es", "16:00–9:05"), ("fr", "16:00–09:05"),
        ("ar", "4:00 م–9:05 ص"),
    ],
)  # fmt: skip
def test_as_the_reader_s_language_does(language: str, said: str) -> None:
    with override(language):
        assert hours_said(time(16), time(9, 5)) == said
        assert hours(time(16), time(9, 5)) == f"<bdi>{said}</bdi>"
        assert (hours_said(None), hours(None)) == ("", "")
