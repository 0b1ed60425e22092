"""Forms of what departments ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.queries import Reader
from sympolis.office.directory.queries import current_office, visible_departments
from sympolis.office.projects.applications.forms import DayField, OfficerField
from sympolis.office.synergies.helping.actions import Asked
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.office.synergies.helping.models import HelpLink, HelpRequest

LONGEST = 2_000
DAYS = ((90, _("90 days")), (365, _("a year")))


class DepartmentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in stubs alone
    """A department of the office's own organisation, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)

    def offer(self, user: Reader, also: int | None = None) -> None:
        """Those of the office's own organisation, and the one that stands there already."""
        office = current_office()
        ours = visible_departments(user).filter(organisation=office.organisation_id if office else None)
        chosen = visible_departments(user).filter(pk=also or 0)
        self.queryset = (ours | chosen).order_by("sort_key")


class AskForm(forms.Form):
    """What somebody asks for, on a phone and without an account."""

    kind = forms.ChoiceField(label=_("What do you need?"), choices=HelpKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("In one line"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    text = forms.CharField(
        label=_("What we should know"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    due = DayField(label=_("By when"))
    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    email = forms.EmailField(label=_("Your mail address"), help_text=_("The answer comes there."))

    def asked(self) -> Asked:
        said = self.cleaned_data
        text = said["text"].replace("\r\n", "\n")
        return Asked(
            HelpKind(said["kind"]), " ".join(said["title"].split()), text, said["name"], said["email"], said["due"]
        )


class AskSignedInForm(AskForm):
    """The same for who is signed in: the department is chosen."""

    department = DepartmentField(queryset=None, label=_("Department"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: Any = self.fields["department"]
        department.offer(user)


class HelpRequestForm(RecordForm):
    FIRST = ("title", "kind", "department", "owner", "due", "state")
    OFFICE_ONLY = ("note",)

    owner = OfficerField(label=_("Owner"), help_text=_("Who of the office looks after it."))
    department = DepartmentField(queryset=None, label=_("Department"), required=False)
    due = DayField(label=_("By when"))

    class Meta:
        model = HelpRequest
        formfield_callback = field_for
        fields = (
            "title", "kind", "department", "owner", "due", "state", "text", "asked_by", "email", "language", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.offer()
        department: Any = self.fields["department"]
        department.offer(self.user, self.instance.department_id)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("It goes by mail to who asked."),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"),
        choices=[(str(one.value), one.label) for one in (HelpState.ANSWERED, HelpState.IN_HAND, HelpState.DECLINED)],
    )


class HelpLinkForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """For which department, for whom, how long."""

    department = DepartmentField(queryset=None, label=_("Department"))
    days = forms.TypedChoiceField(label=_("Open for"), choices=DAYS, coerce=int, initial=365)

    class Meta:
        model = HelpLink
        fields = ("department", "label", "language")
        help_texts = {"label": _("For the office alone: a name or a post.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: Any = self.fields["department"]
        department.offer(user)

    def save(self, commit: bool = True) -> HelpLink:
        self.instance.expires_on = timezone.localdate() + timedelta(days=self.cleaned_data["days"])
        made: HelpLink = super().save(commit)
        return made
