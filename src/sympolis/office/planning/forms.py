"""Forms of plans, actions and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet, Value, prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import (
    HourField,
    PartialDateField,
    SourcesField,
    WebAddressField,
    day_or_field,
    field_for,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.core.models import Document
from sympolis.office.core.queries import Reader, visible_records
from sympolis.office.core.texts import Text
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.directory.queries import visible_agreements, visible_departments, visible_people
from sympolis.office.planning.enums import NEEDS_A_REASON
from sympolis.office.planning.fields import DotsByKindField, RecordsField
from sympolis.office.planning.models import (
    MOST_DOTS,
    Action,
    GeographicalPriority,
    Indicator,
    IndicatorValue,
    Milestone,
    Plan,
    PrioritiesVersion,
    Session,
)
from sympolis.office.planning.queries import closes_a_circle, visible_plans
from sympolis.office.projects.forms import CurrencyField
from sympolis.office.projects.queries import visible_calls, visible_projects


def visible_events(user: Reader) -> QuerySet[Any]:
    """Events the reader may see. They are of a room beside this one: known through the list that names them."""
    events: Any = Action._meta.get_field("events").related_model
    return visible_records(user, events.objects.all())


DATE_HINT = _("2019, 2019-03 or 14/3/2019")


class WeightField(forms.DecimalField):
    """What something counts for; left empty, as much as any other."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Weight"), min_value=0, max_digits=7, decimal_places=2, required=False, initial=Decimal(1),
            help_text=_("What it counts for in the progress of what it is part of, beside the others there."),
        )  # fmt: skip

    def clean(self, value: Any) -> Decimal:
        found: Decimal | None = super().clean(value)
        return Decimal(1) if found is None else found


class PlanForm(RecordForm):
    FIRST = ("title", "organisation")

    weight = WeightField()
    organisation = OrganisationField(label=_("Whose it is"))
    starts = PartialDateField(label=_("Begins"), help_text=DATE_HINT)
    ends = PartialDateField(label=_("Ends"), help_text=DATE_HINT)
    serves = RecordsField(
        {"pla": visible_plans},
        label=_("Lines of other plans that it serves"),
        help_text=_("Of the parent plan, for instance. One a line: its title, or the address of its page."),
    )
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Plan
        formfield_callback = field_for
        fields = (
            "title", "organisation", "kind", "parent", "code", "position", "text", "starts", "ends", "stage", "levels",
            "weight", "published_supports", "published_comments", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip
        help_texts: ClassVar = {
            "levels": _("Of a whole plan: a name a line, from the top down. For instance Axis, Priority, Line."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("title", "organisation", "kind", "parent", "serves"))
        parents: Any = self.fields["parent"]
        parents.queryset = Plan.objects.exclude(pk=self.instance.pk).order_by("sort_key")

    def value_now(self, name: str) -> Any:
        if name == "serves":
            served = self.instance.serves.order_by("pk") if self.instance.pk else ()
            return tuple(one.public_id for one in served)
        return super().value_now(name)

    def plain_list(self, name: str) -> dict[str, dict[str, Any]]:
        if name == "serves":  # it holds ids, and no records
            return {public_id: {} for public_id in self.cleaned_data[name]}
        return super().plain_list(name)

    def clean_serves(self) -> tuple[str, ...]:
        served: tuple[str, ...] = self.cleaned_data["serves"]
        if self.instance.public_id in served:
            raise ValidationError(_("A plan can't serve itself."), code="itself")
        return served

    def clean_parent(self) -> Plan | None:
        parent: Plan | None = self.cleaned_data["parent"]
        if closes_a_circle(self.instance.pk, parent):
            raise ValidationError(_("A plan can't be part of itself."), code="circle")
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "starts", "ends", _("The plan ends before it begins."))
        return cleaned


CARRIERS = {"prj": "projects", "cal": "calls", "agr": "agreements", "eve": "events"}
"""What an id begins with -> the list of an action it stands in."""


# A form has one field for two columns; going back to an old version asks for the columns.
PLANNED_DAYS = ("starts_earliest", "starts_latest", "ends_earliest", "ends_latest")


class ActionForm(RecordForm):
    """All of an action for officers; who answers for one says how far it is."""

    FIRST = ("title", "status", "status_reason")
    OFFICE_ONLY = (
        *RecordForm.OFFICE_ONLY, "title", "plan", "code", "position", "text", "objective", "organisations",
        "department", "people", "themes", "sdgs", "local_targets", "countries", "regions", "place", "starts", "ends",
        "budget", "currency", "money_from", "weight", "carried_by", *CARRIERS.values(), *PLANNED_DAYS,
    )  # fmt: skip

    ORDER = (
        "title", "status", "status_reason", "plan", "code", "position", "objective", "text", "organisations",
        "department", "people", "themes", "sdgs", "local_targets", "countries", "regions", "place", "starts", "ends",
        "began", "finished", "stated_progress", "progress_reason", "weight", "budget", "spent", "currency",
        "money_from", "carried_by",
    )  # fmt: skip

    weight = WeightField()
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    organisations = OrganisationsField(label=_("Who does it"), required=False, help_text=_("One name a box."))
    people = RecordsField(
        {"per": visible_people},
        label=_("Responsible people"),
        help_text=_("A name a line. Who signs in with the same mail address may say how far the action is."),
    )
    carried_by = RecordsField(
        {"prj": visible_projects, "cal": visible_calls, "agr": visible_agreements, "eve": visible_events},
        label=_("Projects, calls, agreements and events that carry it"),
        help_text=_("One a line: its title, or the address of its page."),
    )
    starts = PartialDateField(label=_("Begins (as planned)"), help_text=DATE_HINT)
    ends = PartialDateField(label=_("Ends (as planned)"), help_text=DATE_HINT)
    began = PartialDateField(label=_("Began"), help_text=DATE_HINT)
    finished = PartialDateField(label=_("Ended"), help_text=DATE_HINT)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Action
        formfield_callback = field_for
        labels = {"plan": _("Plan")}
        fields = (
            "title", "status", "status_reason", "plan", "code", "position", "objective", "text", "organisations",
            "department", "themes", "sdgs", "local_targets", "countries", "regions", "place", "starts", "ends", "began",
            "finished", "stated_progress", "progress_reason", "weight", "budget", "spent", "currency", "money_from",
            "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip
        help_texts: ClassVar = {
            "local_targets": _("Of your own version of the 2030 Agenda, where there is one. A target a line."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if instance := kwargs.get("instance"):
            prefetch_related_objects([instance], "organisations")  # asked for by Django's form and by ours
        super().__init__(*args, **kwargs)
        self.order_fields(self.ORDER)
        if "department" in self.fields:
            departments: Any = self.fields["department"]
            departments.queryset = visible_departments(self.user).order_by("organisation__sort_key", "sort_key")

    def value_now(self, name: str) -> Any:
        if name == "people":
            return self._listed["people"]
        if name == "carried_by":
            return tuple(one for many in CARRIERS.values() for one in self._listed[many])
        return super().value_now(name)

    @cached_property
    def _listed(self) -> Mapping[str, tuple[str, ...]]:
        """What its lists hold, by public id: one question for all of them."""
        found: dict[str, list[tuple[int, str]]] = {name: [] for name in ("people", *CARRIERS.values())}
        if self.instance.pk:
            rows = [
                getattr(self.instance, name).order_by().annotate(of=Value(name)).values_list("of", "pk", "public_id")
                for name in found
            ]
            for name, pk, public_id in rows[0].union(*rows[1:], all=True):
                found[name].append((pk, public_id))
        return {name: tuple(public_id for _pk, public_id in sorted(many)) for name, many in found.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "starts", "ends", _("The action ends before it begins."))
        check_order(self, cleaned, "began", "finished", _("The action ended before it began."))
        if cleaned.get("status") in NEEDS_A_REASON and not cleaned.get("status_reason"):
            self.add_error("status_reason", ValidationError(_("Say why it is late or stopped."), code="reason"))
        if cleaned.get("stated_progress") is not None and not cleaned.get("progress_reason"):
            self.add_error("progress_reason", ValidationError(_("Say what this number rests on."), code="reason"))
        return cleaned


def lists_in(cleaned: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lists of others as a form of an action has them, by public id; those it does not show stay as they are."""
    found = {"people": list(cleaned["people"])} if "people" in cleaned else {}
    if "carried_by" in cleaned:
        ids = cleaned["carried_by"]
        found |= {many: [one for one in ids if one.startswith(f"{start}_")] for start, many in CARRIERS.items()}
    return found


class MilestoneForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """A step of an action. Languages left out stay as they are."""

    evidence_url = WebAddressField(label=_("What shows it (a link)"), required=False, max_length=1000)

    class Meta:
        model = Milestone
        formfield_callback = day_or_field
        fields = ("title", "due", "done_on", "evidence_url", "document")

    def __init__(self, *args: Any, documents: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["document"]
        shown.queryset = documents

    def clean_title(self) -> Text:
        return written(self.instance.title, self.cleaned_data["title"])


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    class Meta:
        model = Indicator
        formfield_callback = field_for
        fields = ("title", "unit", "baseline", "baseline_year", "source")

    def clean_title(self) -> Text:
        return written(self.instance.title, self.cleaned_data["title"])


class IndicatorValueForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """What an indicator shall be in a year, or was; said again of a year it takes the place of what was said."""

    source_url = SourcesField(label=_("Where the measured value was read"), required=False, max_length=1000)

    class Meta:
        model = IndicatorValue
        formfield_callback = field_for
        fields = ("year", "target", "actual", "source_url")

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("target") is None and cleaned.get("actual") is None and not self.errors:
            raise ValidationError(_("Write what is wanted, or what was measured."), code="empty")
        return cleaned


def written(text: Text, words: dict[str, str]) -> Text:
    """A text with what a form says of it."""
    kept = Text(text)
    for language, said in words.items():
        kept.write(language, said)
    return kept


class PrioritiesVersionForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """From which day on other priorities hold."""

    class Meta:
        model = PrioritiesVersion
        formfield_callback = day_or_field
        fields = ("label", "since")


class PrioritiesFileForm(PrioritiesVersionForm):
    """A version out of a spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with a row for each priority: title, countries or parts of the world, weight, why."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


class PriorityForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """Countries and parts of the world that count for something. Languages left out stay as they are."""

    weight = WeightField()

    class Meta:
        model = GeographicalPriority
        formfield_callback = field_for
        fields = ("title", "countries", "regions", "weight", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["regions"]
        regions.keep(self.instance.regions)

    def clean_title(self) -> Text:
        return written(self.instance.title, self.cleaned_data["title"])

    def clean_reason(self) -> Text:
        return written(self.instance.reason, self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if not cleaned.get("countries") and not cleaned.get("regions") and not self.errors:
            raise ValidationError(_("Name a country or a part of the world."), code="nowhere")
        return cleaned


def _column_or_own(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """``field_for``, but for a column whose field the form has itself."""
    return None if column.name == "dots_by_kind" else field_for(column, **kwargs)


class SessionForm(RecordForm):
    FIRST = ("title", "starts", "organisation")
    OFFICE_ONLY = ("note",)

    organisation = OrganisationField(label=_("Whose it is"))
    starts = PartialDateField(label=_("When"), help_text=_("2019, 2019-03 or 14/3/2019"))
    from_hour = HourField(label=_("From (hour)"))
    until_hour = HourField(label=_("To (hour)"))
    link = WebAddressField(label=_("Link to the room"), required=False, max_length=1000)
    dots_by_kind = DotsByKindField(
        MOST_DOTS,
        label=_("Dots by kind of participant"),
        help_text=_("Where it is left empty, the number above holds. With 0 they place none."),
    )

    class Meta:
        model = Session
        formfield_callback = _column_or_own
        fields = (
            "title", "starts", "organisation", "plan", "from_hour", "until_hour", "place", "link", "agenda", "audience",
            "capacity", "dots", "dots_by_kind", "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, over = cleaned.get("from_hour"), cleaned.get("until_hour")
        if begins and over and over <= begins:
            self.add_error("until_hour", _("The session ends before it begins."))
        return cleaned
