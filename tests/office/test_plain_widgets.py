"""Lists written at once are, sign by sign but for spaces, what Django writes of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.utils.safestring import mark_safe

from sympolis.office.core.plain_widgets import PlainCheckboxes, PlainSelect, plain

HOSTILE = '"><script>alert(1)</script>'
CHOICES = [("", "---------"), ("ca", "català"), ("x&y", HOSTILE), (7, "seven"), ("bold", mark_safe("<b>"))]
GROUPS = [("", "none"), ("first", [("a", "A"), ("b", "B")])]


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r">\s+|\s+<", lambda found: found[0].strip(), html))


class Asked(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, help_text="One.", widget=forms.Select(attrs={"class": "wide", "size": 3}))
    sure = forms.ChoiceField(choices=CHOICES[1:])
    grouped = forms.ChoiceField(choices=GROUPS, required=False)
    many = forms.MultipleChoiceField(choices=CHOICES[1:], required=False)
    ticked = forms.MultipleChoiceField(choices=CHOICES[1:], widget=forms.CheckboxSelectMultiple, required=False)


class Plainly(Asked):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = plain(field.widget)


@pytest.mark.parametrize("name", list(Asked.base_fields))
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"one": "x&y", "sure": "7", "grouped": "b", "many": ["7", "ca"], "ticked": ["x&y", "7"]},
        {"one": HOSTILE, "sure": "", "grouped": "", "many": [], "ticked": [HOSTILE]},
    ],
)
def test_they_say_what_django_says(name: str, said: dict[str, Any]) -> None:
    for forms_ in ((Asked(initial=said), Plainly(initial=said)), (Asked(said), Plainly(said))):
        wanted, made = (squeezed(str(form[name])) for form in forms_)
        assert made == wanted


def test_only_django_s_own_lists_are_written_so() -> None:
    kinds = {name: type(field.widget) for name, field in Plainly().fields.items()}
    assert kinds == {
        "one": PlainSelect, "sure": PlainSelect, "grouped": PlainSelect, "many": forms.SelectMultiple,
        "ticked": PlainCheckboxes,
    }  # fmt: skip
    assert type(plain(forms.TextInput())) is forms.TextInput
