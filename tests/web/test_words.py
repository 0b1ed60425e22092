"""Words of templates are looked up the short way: what comes out is what Django's own tag says, letter by letter."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.template.base import Node
from django.templatetags import i18n
from django.utils.translation import override

from sympolis.web.words import WordsNode

TAGS = (
    "{% translate 'Members' %}",
    '{% trans "Members" %}',
    "{% translate 'Members' as said %}[{{ said }}]{{ said|upper }}",
    "{% translate 'Seats & <b>networks</b>' %}",
    "{% translate '50 % of it' %}",
    '{% translate "Who\'s who" %}',
    "{% translate 'Members' noop %}",
    "{% translate 'Members'|upper %}",
    "{% translate said %}",
    "{% translate 'May' context 'month' %}",
)


@pytest.mark.parametrize("language", ["en", "ca", "ar"])
def test_what_comes_out_is_what_djangos_own_says(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> list[str]:
        return [Template("{% load i18n %}" + tag).render(Context({"said": "<i>Members</i>"})) for tag in TAGS]

    with override(language):
        ours = shown()
        for name in ("translate", "trans"):
            monkeypatch.setitem(i18n.register.tags, name, i18n.do_translate)
        assert ours == shown()
    assert ours[0] == {"en": "Members", "ca": "Membres", "ar": "الأعضاء"}[language]


def test_only_plain_words_go_the_short_way() -> None:
    def node(tag: str) -> Node:
        return Template("{% load i18n %}" + tag).nodelist[1]

    assert [isinstance(node(tag), WordsNode) for tag in TAGS] == [True] * 6 + [False] * 4
