"""The form of a publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, SourcesField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.directory.fields import OrganisationsField
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import may_see, own_organisations, written_organisations
from sympolis.office.projects.practices.forms import ProjectField
from sympolis.office.publishing.publications.models import Publication
from sympolis.office.publishing.publications.numbers import NotANumber, read_doi, read_isbn

NO_ISBN = _("“%(written)s” is no ISBN: it has ten or thirteen digits, and the last one is reckoned from the others.")
NO_DOI = _("“%(written)s” is no DOI: it begins with 10., such as 10.1000/182.")


class PublicationForm(RecordForm):
    FIRST = ("title", "kind", "bodies", "published", "link")

    bodies = OrganisationsField(
        label=_("Bodies whose it is"), required=False, help_text=_("Whom its authors belong to. One name a box.")
    )
    project = ProjectField(label=_("Project it came from"))
    published = PartialDateField(label=_("Published on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    link = WebAddressField(
        label=_("Where it can be read"), required=False, max_length=1000,
        help_text=_("Its files are added as documents once it is saved, one a language."),
    )  # fmt: skip
    isbn = forms.CharField(label="ISBN", required=False, max_length=40)
    doi = forms.CharField(label="DOI", required=False, max_length=260)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Publication
        formfield_callback = field_for
        fields = (
            "title", "kind", "bodies", "published", "link", "summary", "authors", "project", "languages", "themes",
            "isbn", "doi", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip
        help_texts: ClassVar = {"authors": _("Names as they stand on it, with semicolons between them.")}

    def kept_from(self, user: Any) -> Iterable[str]:
        """Bodies of which this user may not see one stay as they are."""
        if user.is_officer:
            return ()
        bodies = self.instance.bodies.all() if self.instance.pk else ()
        hides = not all(may_see(user, one.pk, one.visibility) for one in bodies)
        return (*super().kept_from(user), *(("bodies",) if hides else ()))

    def value_now(self, name: str) -> Any:
        """Who is no officer adds publications of its own body."""
        if name == "bodies" and not self.instance.pk and not self.user.is_officer:
            return self.initial.get(name) or list(own_organisations(self.user)[:1])
        return super().value_now(name)

    def clean_bodies(self) -> list[Organisation]:
        bodies: list[Organisation] = self.cleaned_data["bodies"]
        if not self.user.writes_everywhere:
            own = written_organisations(self.user).filter(pk__in=[one.pk for one in bodies])
            if not own.exists():
                raise ValidationError(_("Your own organisation must be among these bodies."), code="not_yours")
        return bodies

    def houses(self) -> list[Any]:
        return list(self.cleaned_data.get("bodies", ()))

    def clean_isbn(self) -> str:
        return self._number("isbn", read_isbn, NO_ISBN)

    def clean_doi(self) -> str:
        return self._number("doi", read_doi, NO_DOI)

    def _number(self, name: str, read: Callable[[str], str], message: Any) -> str:
        written = str(self.cleaned_data[name])
        try:
            return read(written) if written else ""
        except NotANumber as error:
            raise ValidationError(message, code="number", params={"written": written[:100]}) from error
