"""Promises in texts: which sentences, whose, by when; and no text that breaks it or takes long."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts.due_days import due_in
from sympolis.engine.texts.promises import MOST_LETTERS, MOST_PROMISES, promises_in

ON = date(2026, 2, 10)  # a Tuesday


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("before 15 March", "2026-03-15"),
        ("by March 15th, 2027", "2027-03-15"),
        ("abans del 15 de març", "2026-03-15"),
        ("el 9 de febrer", "2027-02-09"),
        ("1er avril 2026", "2026-04-01"),
        ("d'ici fin avril", "2026-04-30"),
        ("avant avril", "2026-03-31"),
        ("en mayo de 2027", "2027-05"),
        ("قبل 15 مارس", "2026-03-15"),
        ("قبل ٣ حزيران", "2026-06-03"),
        ("في غشت", "2026-08"),
        ("2026-05-04", "2026-05-04"),
        ("4/5/2026", "2026-05-04"),
        ("31/2/2026", ""),
        ("30 de febrero", ""),
        ("29 February", "2028-02-29"),
        ("next month", "2026-03"),
        ("a finales de mes", "2026-02-28"),
        ("dans trois jours", "2026-02-13"),
        ("d'aquí a dos mesos", "2026-04-10"),
        ("خلال شهرين", "2026-04-10"),
        ("on Tuesday", "2026-02-17"),
        ("يوم الجمعة", "2026-02-13"),
        ("they may come", ""),
        ("the 15 members", ""),
    ],
)
def test_days_as_people_write_them(sentence: str, due: str) -> None:
    assert str(due_in(sentence, ON)) == due


def test_arabic_says_that_one_will_commit_oneself() -> None:
    found = promises_in("ستلتزم بلدية تونس بإرسال قائمة الأسواق قبل 20 يناير 2027. سيتعهد الشريك بالترجمة.", ON)
    assert [str(one.due) for one in found] == ["2027-01-20", ""]


def test_the_passage_is_where_it_says() -> None:
    text = "Hello.\r\n * We will send it by 2.5.2026.\r\nBye, Anna"
    (found,) = promises_in(text, ON)
    assert text[found.start : found.end] == found.passage == "We will send it by 2.5.2026."
    assert (found.is_ours, str(found.due)) == (True, "2026-05-02")


def test_a_text_is_bounded_in_length_and_in_what_comes_out() -> None:
    with pytest.raises(ValueError, match="100001 letters are too many"):
        promises_in("a" * (MOST_LETTERS + 1), ON)
    assert len(promises_in("We will send it.\n" * 500, ON)) == MOST_PROMISES


@pytest.mark.parametrize("piece", ["a", "will ", "قبل ", "in ", ".", "1", "d'", "- ", "nous le "])
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    promises_in((piece * MOST_LETTERS)[:MOST_LETTERS], ON)
    assert time.process_time() - began < 10


@given(st.text(alphabet=st.sampled_from("weill sendnous 15/3.٣سمارس\n?-’́"), max_size=200))
def test_any_text_is_read(text: str) -> None:
    for found in promises_in(text, ON):
        assert text[found.start : found.end] == found.passage
