"""What an officer says of a new writing link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.fields import OrganisationField
from sympolis.office.projects.models import WritingLink

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("a year")))


class WritingLinkForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """For which organisation, for whom, how long."""

    organisation = OrganisationField(label=_("Organisation"))
    days = forms.TypedChoiceField(label=_("Open for"), choices=DAYS, coerce=int, initial=90)

    class Meta:
        model = WritingLink
        fields = ("organisation", "label", "email", "language")
        help_texts = {
            "label": _("For the office alone: a name or a post."),
            "email": _("There it is asked after a year whether it still holds."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.user = user

    def save(self, commit: bool = True) -> WritingLink:
        self.instance.organisation = self.cleaned_data["organisation"]
        self.instance.expires_on = timezone.localdate() + timedelta(days=self.cleaned_data["days"])
        made: WritingLink = super().save(commit)
        return made
