"""Two lines about a need in any language, and the calls, projects, practices, actions and cities that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.actions import answer_suggestion
from sympolis.office.synergies.asked_need import LONGEST, AskedNeed, asked_need
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning_words import learnt_in_words
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.need_answers import KINDS, MOST_OF_A_KIND, NeedAnswer, answers_to
from sympolis.office.synergies.queries import answers_about
from sympolis.office.synergies.teaching import Suggestion, suggested_answer
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.saying import Saying, codes_of, told, verdict_in

MOST = 30
KIND_WORDS = {
    "call": _("Calls"),
    "project": _("Projects"),
    "practice": _("Practices"),
    "action": _("Actions of plans"),
    "organisation": _("Cities and other organisations"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked: a need, and of which kinds the answers are to be."""

    need: AskedNeed
    kinds: list[str]

    @classmethod
    def of(cls, request: HttpRequest, data: QueryDict) -> Asked:
        need = asked_need(reader(request), data.get("q", ""), data.get("need", ""), reader_language())
        chosen = data.getlist("kind")
        return cls(need, [kind for kind in KINDS if kind in chosen])

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same as the page is asked again."""
        of_record = (("need", self.need.need.public_id),) if self.need.need else ()
        return (("q", self.need.text), *of_record, *(("kind", kind) for kind in self.kinds))


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, and what somebody said to it before."""

    answer: NeedAnswer
    saying: Saying


@officers
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request, request.GET)
    text, kinds = asked.need.text, asked.kinds
    ours, found = _ours(request, text), None
    context: dict[str, object] = {}
    if text:
        said = answers_about(request.user, Subject.NEEDS, asked.need.about)
        found = answers_to(
            reader(request),
            text,
            timezone.localdate(),
            kinds=kinds,
            language=reader_language(),
            limit=MOST,
            ours=ours,
            said=codes_of(said),
        )
        context = {
            "answers": _shown(found.answers, asked, said),
            "put_off": _shown(found.put_off, asked, said),
            "put_aside": [one.saying for one in _shown(found.put_aside, asked, said)],
            "learnt": "" if found.unavailable else learnt_in_words(found.learning, Subject.NEEDS),
        }
    counts = found.counts if found else {}
    context |= {
        "text": text,
        "need": asked.need.need,
        "longest": LONGEST,
        "found": found,
        "kinds": [(kind, KIND_WORDS[kind], kind in kinds, counts.get(kind, 0)) for kind in KINDS],
        "ours": ours,
        "most": MOST_OF_A_KIND if not kinds and max(counts.values(), default=0) > MOST_OF_A_KIND else 0,
    }
    return render(request, "staff/answer/answer.html", context)


def _ours(request: HttpRequest, text: str) -> Organisation | None:
    office = getattr(request, "office", None)
    return office.organisation if office and text else None


def _shown(found: list[NeedAnswer], asked: Asked, said: Mapping[str, SuggestionAnswer]) -> list[Shown]:
    action = reverse("staff:answer_say")
    return [Shown(one, Saying(action, one.key, one.title, asked.pairs, said.get(one.key))) for one in found]


@officers
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """Yes, no or later to what answers a need; empty takes it back. The officer comes back to the page as asked."""
    asked, verdict = Asked.of(request, request.POST), verdict_in(request)
    key = request.POST.get("record", "").replace("\x00", "")[:200]
    if not asked.need.text or not key:
        raise Http404
    found = _found(request, asked.need, key)
    if found is not None:
        answer_suggestion(reader(request), suggested_answer(asked.need, found), verdict, request.POST.get("why", ""))
        messages.success(request, told(verdict, found.title))
    elif not verdict:
        answer_suggestion(reader(request), Suggestion(Subject.NEEDS, asked.need.about, key), "")
        messages.success(request, _now("Taken back."))
    else:
        messages.error(
            request, _now("That is no answer to this need any more. Nothing was kept: look at the list again.")
        )
    return redirect(f"{reverse('staff:answer')}?{urlencode(asked.pairs)}")


def _found(request: HttpRequest, need: AskedNeed, key: str) -> NeedAnswer | None:
    ours = _ours(request, need.text)
    on, language = timezone.localdate(), reader_language()
    answers = answers_to(reader(request), need.text, on, language=language, ours=ours, only=key).answers
    return answers[0] if answers else None
