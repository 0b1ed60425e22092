"""What somebody watches, as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import country_choices, term_choices, theme_choices
from sympolis.office.core.models import User
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.queries import visible_plans
from sympolis.office.projects.enums import Gives
from sympolis.office.synergies.watching.enums import Origin
from sympolis.office.synergies.watching.models import Watch

WITHIN = (("", _("At any time")), ("30", _("30 days")), ("60", _("60 days")), ("90", _("90 days")))


def _any(choices: Any) -> Any:
    return lambda: [("", str(_("All"))), *choices()]


class PlanField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in stubs alone
    """A plan by its title."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class WatchForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """Words and filters, and at most one portfolio that calls are held against."""

    organisation = OrganisationField(
        label=_("What this organisation does and wants"), required=False,
        help_text=_("Calls that fit its projects, needs and priorities."),
    )  # fmt: skip
    plan = PlanField(
        queryset=None, label=_("The lines of this plan"), required=False,
        help_text=_("Calls that fit its lines and actions."),
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Theme"), choices=_any(theme_choices), required=False)
    country = forms.ChoiceField(label=_("Applicants from"), choices=country_choices, required=False)
    kind = forms.ChoiceField(label=_("Who applies"), choices=_any(term_choices("kinds")), required=False)
    gives = forms.ChoiceField(label=_("Kind of call"), choices=_any(lambda: Gives.choices), required=False)
    origin = forms.ChoiceField(
        label=_("Which calls"), choices=_any(lambda: [(str(o.value), o.label) for o in Origin]), required=False
    )
    closes_within = forms.TypedChoiceField(
        label=_("Closes within"), choices=WITHIN, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Watch
        fields = (
            "words", "organisation", "plan", "theme", "programme", "country", "kind", "gives", "origin",
            "closes_within", "label",
        )  # fmt: skip
        help_texts = {"words": _("All of them stand in the call."), "label": _("What you want to call it.")}
        labels = {"words": _("Words"), "programme": _("Programme"), "label": _("Name")}

    FIRST = ("words", "organisation", "plan")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.user = user
        plan: Any = self.fields["plan"]
        chosen = self.instance.plan_id or self.initial.get("plan")
        plan.queryset = visible_plans(user).filter(Q(kind=PlanKind.PLAN) | Q(pk=chosen)).order_by("sort_key")
        for name in ("words", "programme", "label"):
            self.fields[name].widget.attrs["dir"] = "auto"

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("organisation") and cleaned.get("plan"):
            self.add_error("plan", ValidationError(_("Choose an organisation or a plan, not both."), code="both"))
        if not self.errors and not any(cleaned.get(name) for name in self.fields if name != "label"):
            raise ValidationError(_("Say what to look for: words, a theme, a programme, a portfolio."), code="nothing")
        return cleaned
