"""Chapters of recordings: moments as people write them, and addresses that begin there."""

from __future__ import annotations

import pytest

from sympolis.office.events.chapters import Chapter, address_at, chapter_of


@pytest.mark.parametrize(
    ("line", "chapter"),
    [
        ("12:30 Questions", Chapter(750, "12:30", "Questions")),
        ("  1:02:30 – الأسئلة", Chapter(3750, "1:02:30", "الأسئلة")),
        ("[75:05] Fin", Chapter(4505, "75:05", "Fin")),
        ("0:00", Chapter(0, "0:00", "")),
        ("12:75 Questions", None),
        ("Questions 12:30", None),
    ],
)
def test_lines(line: str, chapter: Chapter | None) -> None:
    assert chapter_of(line) == chapter


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("https://youtu.be/abc?si=x&t=9", "https://youtu.be/abc?si=x&t=750s"),
        ("https://m.youtube.com/watch?v=abc", "https://m.youtube.com/watch?v=abc&t=750s"),
        ("https://vimeo.com/1", "https://vimeo.com/1#t=750s"),
        ("https://office.example/1.mp4", "https://office.example/1.mp4#t=750"),
        ("https://office.example/#/watch/1", "https://office.example/#/watch/1"),
    ],
)
def test_addresses(link: str, there: str) -> None:
    assert address_at(link, 750) == there
