"""What the terminal shows of what went wrong."""

from __future__ import annotations

import logging
import sys

import pytest

from sympolis.config.logs import LineFormatter


@pytest.mark.parametrize(("level", "lines"), [(logging.WARNING, 1), (logging.ERROR, 5)])
def test_a_trace_is_shown_of_our_own_errors_only(level: int, lines: int) -> None:
    try:
        raise PermissionError("not yours")
    except PermissionError:
        record = logging.LogRecord("django.request", level, "x.py", 1, "Forbidden: /office/", (), sys.exc_info())
    said = LineFormatter("%(levelname)s %(message)s").format(record).splitlines()
    assert (said[0], len(said)) == (f"{logging.getLevelName(level)} Forbidden: /office/", lines)
    assert record.exc_info is not None
