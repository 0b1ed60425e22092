"""Forms are sent as a browser sends them: with every field that is served, hidden and empty ones too."""

from __future__ import annotations

from typing import Any

import lxml.html

from sympolis.office.publishing.models import NewsItem
from sympolis.web.staff.records.documents import KINDS
from tests.cast import Cast


def served(page: bytes) -> dict[str, Any]:
    """What stands in the page's form: of a field that stands there more than once, all of it."""
    form = max(lxml.html.fromstring(page).forms, key=lambda one: len(one.fields))
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


ADDED_ELSEWHERE = {"documents", "posts"}  # on the page of what they belong to
NAME_OR_POST = {"people": {"name": {None}}}


def test_what_is_left_empty_is_not_taken_for_words(cast: Cast) -> None:
    """A form for a new record, sent back as it came, lacks what is needed and nothing else."""
    client = cast.client("officer")
    for kind in KINDS:
        if kind.name in ADDED_ELSEWHERE:
            continue
        address = f"/en/office/{kind.name}/add/"
        form = client.post(address, served(client.get(address).content)).context["form"]
        wrong = {name: {one.code for one in errors} for name, errors in form.errors.as_data().items()}
        needed = NAME_OR_POST.get(kind.name) or {name: {"required"} for name in wrong}
        assert wrong == needed, kind.name


def test_news_are_written_with_a_title_alone(cast: Cast) -> None:
    address = "/en/office/news/add/"
    sent = served(cast.client("officer").get(address).content) | {"title_es": "Éxito"}
    assert cast.client("officer").post(address, sent).status_code == 302
    assert NewsItem.objects.get().title.plain() == {"es": "Éxito"}
