"""Forms of applications, their tasks and partners."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import HourField, SourcesField, field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.projects.applications.deadlines import zone_choices
from sympolis.office.projects.applications.enums import Decision, PartnerRole
from sympolis.office.projects.applications.models import Application, ApplicationTask
from sympolis.office.projects.forms import CurrencyField
from sympolis.office.projects.queries import visible_calls, visible_projects

LONGEST_REASON = 5_000


class DayField(forms.DateField):
    """A day, chosen from a calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, **kwargs)


class OfficerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in stubs alone
    """Somebody of the office, named by mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), to_field_name="email", required=False, **kwargs)

    def offer(self) -> None:
        self.queryset = officers()


class ApplicationForm(RecordForm):
    FIRST = ("title", "organisation", "call", "deadline_on")
    OFFICE_ONLY = ("note", "source_url")

    organisation = OrganisationField(label=_("Who applies"))
    owner = OfficerField(label=_("Owner"), help_text=_("Who of the office looks after it."))
    deadline_on = DayField(label=_("Deadline"))
    deadline_hour = HourField(label=_("Hour of the deadline"))
    deadline_zone = forms.ChoiceField(
        label=_("Time zone of the deadline"), choices=lambda: [("", str(_("The office's own"))), *zone_choices()],
        required=False,
        help_text=_("Brussels closes by the clock of Brussels. Both clocks are shown where they differ."),
    )  # fmt: skip
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    amount = forms.DecimalField(
        label=_("Amount asked for"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Application
        formfield_callback = field_for
        fields = (
            "title", "organisation", "call", "deadline_on", "deadline_hour", "deadline_zone", "stage", "owner", "role",
            "programme", "amount", "currency", "summary", "result", "project", "source_url", "note",
        )  # fmt: skip
        labels: ClassVar = {"call": _("Call"), "project": _("Project")}
        help_texts: ClassVar = {
            "programme": _("Where there is no call: the programme it is for."),
            "project": _("Once it is granted. The page of the application makes one in one click."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.offer()
        call: Any = self.fields["call"]
        call.queryset = visible_calls(self.user).only("title", "public_id").order_by("sort_key")
        project: Any = self.fields["project"]
        project.queryset = visible_projects(self.user).only("title", "public_id").order_by("sort_key")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("deadline_hour") and not cleaned.get("deadline_on"):
            self.add_error("deadline_on", ValidationError(_("Say on which day, too."), code="day"))
        return cleaned


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    owner = OfficerField(label=_("Who"))
    due = DayField(label=_("By when"))

    class Meta:
        model = ApplicationTask
        fields = ("text", "owner", "due")
        widgets: ClassVar = {"text": forms.TextInput(attrs={"dir": "auto"})}
        labels: ClassVar = {"text": _("What is to be done")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.offer()


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label=_("Go or no go"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class PartnerForm(forms.Form):
    organisation = OrganisationField(label=_("Organisation"))
    role = forms.ChoiceField(label=_("Role"), choices=PartnerRole.choices, initial=PartnerRole.PARTNER)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.user = user
