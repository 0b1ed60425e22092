"""The page "What was learnt": each weight as shipped and as it is now; and forgetting it all."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.synergies.learning import SHIPPED, is_learning_on, office_learning
from sympolis.office.synergies.learning_words import feature_rows, learnt_in_words
from sympolis.office.synergies.teaching import switch_learning
from sympolis.web.staff.brief.access import officers, reader


@officers
@require_safe
def learnt(request: HttpRequest) -> HttpResponse:
    learning = replace(office_learning(), is_on=is_learning_on())
    subjects = [
        {
            "subject": subject,
            "said": learnt_in_words(learning, subject),
            "rows": feature_rows(learning.learnt[subject]),
            "orders": _orders(learning.learnt[subject].shipped_order, learning.learnt[subject].learnt_order),
        }
        for subject in SHIPPED
    ]
    may_switch = request.user.has_perm("synergies.switch_learning")
    context = {"subjects": subjects, "is_on": learning.is_on, "may_switch": may_switch}
    return render(request, "staff/learning/learnt.html", context)


def _orders(shipped: float | None, learnt: float | None) -> dict[str, int] | None:
    """How many of 100 times a yes stood before a no; None where there is not a yes and a no."""
    if shipped is None or learnt is None:
        return None
    return {"shipped": round(100 * shipped), "learnt": round(100 * learnt)}


@officers
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Forget what was learnt, or learn again. The permission is asked where it is done."""
    what = request.POST.get("what")
    if what not in {"forget", "learn"}:
        raise Http404
    switch_learning(reader(request), on=what == "learn")
    if what == "forget":
        messages.success(request, _("Forgotten: every order is as shipped. The answers are kept."))
    else:
        messages.success(request, _("The answers are learnt from again."))
    return redirect("staff:learnt")
