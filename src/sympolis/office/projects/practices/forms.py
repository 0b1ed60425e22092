"""The form of a practice, and the box in which a project is named."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, ReaderField, SourcesField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import written_by
from sympolis.office.core.texts import folded
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.projects.forms import CurrencyField
from sympolis.office.projects.models import Practice, Project
from sympolis.office.projects.queries import visible_projects

MOST_NAMED = 5


class ProjectField(forms.CharField, ReaderField):
    """One project, by its id, its acronym or its title: a list of all would be too long."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("We know no project called “%(written)s”. Write its title, its acronym or its id."),
        "ambiguous": _("“%(written)s” could be several. Write one of these: %(options)s."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=600, required=False, **kwargs)
        self.widget.attrs["dir"] = "auto"

    def prepare_value(self, value: Any) -> Any:
        return f"{value.title} [{value.public_id}]" if isinstance(value, Project) else value

    def clean(self, value: Any) -> Any:
        written = str(super().clean(value))
        if not written:
            return None
        seen = visible_projects(self.user)
        named = written.rpartition("[")[2].rstrip("]").strip()
        if found := seen.filter(public_id=named).first():
            return found
        told = seen.filter(acronym__iexact=written) | seen.filter(sort_key=folded(written)[:200])
        several = list(told.order_by("sort_key", "pk")[:MOST_NAMED])
        if len(several) == 1:
            return several[0]
        if not several:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"written": written[:100]})
        options = ", ".join(str(self.prepare_value(one)) for one in several)
        about = {"written": written[:100], "options": options}
        raise ValidationError(self.error_messages["ambiguous"], code="ambiguous", params=about)


class PracticeForm(RecordForm):
    FIRST = ("title", "organisation", "project", "problem", "done", "results")
    OFFICE_ONLY = ("confirmed", "note", "source_url")
    MATTERS = ("organisation", "visibility")

    organisation = OrganisationField(label=_("Whose it is"), own=written_by)
    project = ProjectField(label=_("Project it came from"))
    cost = forms.DecimalField(label=_("What it cost"), min_value=0, max_digits=14, decimal_places=2, required=False)
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    start = PartialDateField(label=_("Begins"), help_text=_("2019, 2019-03 or 14/3/2019"))
    end = PartialDateField(label=_("Ends"))
    evidence_url = WebAddressField(label=_("Where that can be read"), required=False, max_length=1000)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Practice
        formfield_callback = field_for
        fields = (
            "title", "organisation", "project", "problem", "done", "results", "lessons", "evidence", "evidence_url",
            "cost", "currency", "start", "end", "place", "countries", "themes", "sdgs", "contact", "mailbox",
            "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip
        help_texts: ClassVar = {
            "contact": _("A service or a post, not a person: everybody who sees the practice sees it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "start", "end", _("It ends before it begins."))
        return cleaned
