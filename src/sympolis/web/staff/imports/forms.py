"""What an officer says when bringing in a spreadsheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.imports.definition import Tied, tables
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.core.models import User
from sympolis.office.core.queries import written_by
from sympolis.office.directory.enums import MUTUAL
from sympolis.office.directory.fields import OrganisationField


class UploadForm(forms.Form):
    """A file or pasted rows, and what they are about."""

    table = forms.ChoiceField(label=_("What the rows are"))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("XLSX or CSV, up to 10 megabytes and 50,000 rows; or a calendar (.ics) of up to 1,000 events."),
    )
    pasted = forms.CharField(
        label=_("Or paste the rows, headings first"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the texts"),
        choices=settings.LANGUAGES,
        help_text=_("For rows that do not say it themselves."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["table"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(table.name, table.label) for table in tables().values()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), (cleaned.get("pasted") or "").strip()
        if not file and not pasted and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste rows below."))
        if file and file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 10 megabytes. Split it into several files."))
        return cleaned

    def data_bytes(self) -> bytes:
        """The uploaded file, or else what was pasted."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["pasted"]).encode()


TURNED = "of:"  # before a type that is read from the organisation a person names to the one of the row


def tie_choices() -> list[tuple[str, str]]:
    """Every type of relation, from either end where that says something else; those of lists of partners first."""
    language, either, onwards, back = language_now(), [], [], []
    for term in vocabulary.terms("relation_types"):
        label, inverse = (words.get(language) or words["en"] for words in (term.labels, term.inverse))
        if term.code in MUTUAL:
            either.append((term.code, label))
        else:
            onwards.append((term.code, label))
            back.append((f"{TURNED}{term.code}", inverse))
    return [*either, *onwards, *back]


def tied_as(chosen: str, public_id: str) -> Tied | None:
    """What was chosen, as the importer is told."""
    return Tied(chosen.removeprefix(TURNED), public_id, chosen.startswith(TURNED)) if chosen else None


class TieForm(forms.Form):
    """What each organisation of a list is, and of which organisation."""

    tied = forms.ChoiceField(label=_("Each organisation of the list"), required=False)
    tied_to = OrganisationField(label=_("Which organisation"), required=False, own=written_by)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tied: Any = self.fields["tied"]
        tied.choices = [("", _("is tied to nobody")), *tie_choices()]
        to: Any = self.fields["tied_to"]
        to.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("tied") and not cleaned.get("tied_to") and "tied_to" not in self.errors:
            self.add_error("tied_to", _("Say which organisation they are tied to."))
        return cleaned


class HouseForm(forms.Form):
    """Whose the rows are where they leave it open."""

    house = OrganisationField(label=_("Organisation"), required=False, own=written_by)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house: Any = self.fields["house"]
        house.user = user
