"""Dates that are known to the year, the month or the day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.model import PartialDate


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
def test_what_is_written_is_read_and_written_again(day: date, form: str) -> None:
    written = day.strftime(form)
    read = PartialDate.parse(written)
    assert str(read) == written
    assert read.earliest is not None
    assert read.latest is not None
    assert read.earliest <= day <= read.latest


@pytest.mark.parametrize("wrong", ["2019-13", "soon", "2019-02-30", "2019-1-1-1", "--"])
def test_what_is_no_date_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(wrong)
