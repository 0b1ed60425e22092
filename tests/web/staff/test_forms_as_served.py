"""Forms are sent as a browser sends them: with every field that is served, hidden and empty ones too."""

from __future__ import annotations

from typing import Any

import lxml.html

from sympolis.office.directory.models import Agreement, Organisation
from sympolis.office.publishing.models import NewsItem
from sympolis.office.synergies.models import Meeting
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


def test_what_nobody_chose_a_kind_for_is_of_no_special_one(cast: Cast) -> None:
    """A list of kinds has no empty line: its first one would be said of everything."""
    client, added = cast.client("officer"), {"name": "Port", "title_en": "Port"}
    for kind, model in (("organisations", Organisation), ("agreements", Agreement), ("meetings", Meeting)):
        address = f"/en/office/{kind}/add/"
        assert client.post(address, served(client.get(address).content) | added).status_code == 302
        assert model._default_manager.latest("pk").kind == "other"  # type: ignore[attr-defined]  # all have one


def test_a_name_is_not_said_to_be_in_the_readers_language_whose_script_it_is_not_in(cast: Cast) -> None:
    cast.officer.language = "ar"
    cast.officer.save()
    for name, language in (("Port de Sfax", ""), ("ميناء صفاقس", "ar")):
        cast.client("officer").post("/ar/office/organisations/add/", {"name": name})
        assert Organisation.objects.get(name=name).name_language == language
