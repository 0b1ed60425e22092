"""Looking through what was picked out of the notes: tick, correct, keep."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sympolis.office.core.form_fields import PartialDateField
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.picking import Picked, Proposal, keep_picked, proposals_of
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.meetings.access import meeting_or_404


class PickForm(forms.Form):
    """One proposal. Nothing is asked of it unless it is ticked."""

    keep = forms.BooleanField(label=_("Keep this promise"), required=False)
    text = forms.CharField(
        label=capfirst(_("what was promised")),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    organisation = forms.ChoiceField(label=_("Who promised"), required=False)
    due = PartialDateField(label=_("By when"), help_text=_("2019, 2019-03 or 14/3/2019"))

    def __init__(self, proposal: Proposal, organisations: list[Organisation], data: Any) -> None:
        self.proposal, self.organisations = proposal, {one.public_id: one for one in organisations}
        guessed = proposal.organisation.public_id if proposal.organisation else ""
        initial = {"text": proposal.passage, "organisation": guessed, "due": _due_written(proposal)}
        super().__init__(data, prefix=proposal.key, initial=initial)
        names = [(one.public_id, one.title_text().best().text) for one in organisations]
        whose: Any = self.fields["organisation"]
        whose.choices = [("", "—"), *names]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("keep"):
            self.errors.clear()  # what nobody keeps need not be right
            return cleaned
        for name, message in (("text", _("Say what was promised.")), ("organisation", _("Say who promised it."))):
            if name not in self.errors and not cleaned.get(name, "").strip():
                self.add_error(name, message)
        return cleaned

    @property
    def picked(self) -> Picked | None:
        said = self.cleaned_data
        if not said.get("keep"):
            return None
        whose = self.organisations[said["organisation"]]
        return Picked(self.proposal.passage, self.proposal.language, said["text"].strip(), whose, said["due"])


def _due_written(proposal: Proposal) -> str:
    """A week is written by its last day: the form knows days, months and years."""
    due = proposal.due
    written = str(due)
    is_exact = written.count("-") < 2 or due.earliest == due.latest
    return written if is_exact or due.latest is None else due.latest.isoformat()


@officers
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each sentence that promises something, highlighted where it stands, to be ticked and corrected."""
    meeting = meeting_or_404(request, public_id)
    organisations = list(meeting.organisations.order_by("sort_key"))
    office: Any = getattr(request, "office", None)
    ours = office.organisation if office else None
    if ours and ours not in organisations:
        organisations.append(ours)
    proposals = proposals_of(meeting, organisations, ours, timezone.localdate())
    posted = request.POST if request.method == "POST" else None
    rows = [PickForm(one, organisations, posted) for one in proposals]
    valid = [row.is_valid() for row in rows]  # each of them is told what is wrong
    if posted is not None and all(valid):
        kept = keep_picked(reader(request), meeting, [one for row in rows if (one := row.picked)])
        said = ngettext("%(n)d promise kept.", "%(n)d promises kept.", len(kept))
        messages.success(request, said % {"n": len(kept)})
        return redirect("staff:meeting", public_id=public_id)
    return render(request, "staff/meetings/pick.html", {"meeting": meeting, "rows": rows})
