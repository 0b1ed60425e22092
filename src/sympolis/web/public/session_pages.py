"""Taking part in a session without an account: come in by a link, put in what one has to say, place dots.

Everything works with plain forms; ``session.js`` sends without leaving the page, keeps what was typed while there is no
connection, and asks every other second what others said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.calendars import CONTENT_TYPE, has_day
from sympolis.office.core.form_fields import language_now
from sympolis.office.planning.enums import ParticipantKind, Phase, kinds_for
from sympolis.office.planning.models import Contribution, Participant, Session, SessionInvitation, WaitingPlace
from sympolis.office.planning.sessions.actions import (
    LONGEST,
    Said,
    Seat,
    check_comes_in_by,
    check_not_over,
    contribute,
    correct,
    join,
    place_dot,
    sit_at,
    take_back,
    take_dot_back,
)
from sympolis.office.planning.sessions.calendars import session_calendar
from sympolis.office.planning.sessions.errors import (
    LinkWithdrawn,
    NoAddress,
    NoBodySaid,
    NoPlaceLeft,
    OnlyForOrganisations,
    SessionOver,
    SessionRefused,
    TooLong,
    TooManyAtOnce,
)
from sympolis.office.planning.sessions.invitations import (
    accept,
    decline,
    free_places,
    give_up,
    invitation_of,
    stop_waiting,
    turn_of,
    wait_for_place,
)
from sympolis.office.planning.sessions.queries import (
    changes_since,
    dots_of,
    is_closed_by_the_plan,
    link_of,
    participant_of,
    places_left,
    results_of,
    said_by_group,
    state_at,
)
from sympolis.office.planning.tracing.mails import said_by
from sympolis.web.public.bounds import has_room
from sympolis.web.public.handed_out import handed_out
from sympolis.web.public.session_said import results_inside
from sympolis.web.site_root import site_root

COOKIE, COOKIE_DAYS = "session-{}", 30
WAITS = "session-waits-{}"  # signed: whose place in the line a browser knows
MOST_JOINED, MOST_SENT, IN_SECONDS = 300, 240, 3600
CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
VERY_MUCH = _("Very much was sent from this page just now. Try again in an hour.")
SHOWN = 400  # contributions on the page when it is opened; what comes after is added


class JoinForm(forms.Form):
    """Who takes part: a named body, or only oneself."""

    waits = False  # for a place: the address is for telling that there is one

    speaks_for = forms.CharField(
        label=_("Whom you speak for"),
        max_length=200,
        required=False,
        help_text=_("A council, a company, an association. Results count them apart."),
    )
    for_myself = forms.BooleanField(label=_("I speak for myself"), required=False)
    name = forms.CharField(
        label=_("Your name"), max_length=100, required=False, help_text=_("Only the office sees it.")
    )

    email = forms.EmailField(
        label=_("Your mail address"),
        required=False,
        help_text=_("For one mail, when it is decided what becomes of what was said. Then the address is deleted."),
    )
    tell_me = forms.BooleanField(label=_("Tell me by mail what became of what I said"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("email") and not cleaned.get("tell_me") and not self.waits:
            self.add_error("tell_me", _("Tick this too, or leave the address out: it is used for nothing else."))
        elif cleaned.get("tell_me") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the address we may write to."))
        if cleaned.get("for_myself"):
            cleaned["speaks_for"] = ""
        elif not cleaned.get("speaks_for"):
            self.add_error("speaks_for", NoBodySaid.sentence)
        return cleaned


@require_http_methods(["GET", "POST"])
@handed_out
def join_session(request: HttpRequest, token: str) -> HttpResponse:
    """Who came in by this link before goes on where they were, also when nobody else comes in by it any more."""
    link = link_of(token)
    if link is None:
        raise Http404
    cookie = COOKIE.format(link.session_id)
    own = request.COOKIES.get(cookie, "")
    if own and (known := participant_of(own)) and known.session_id == link.session_id:
        return redirect("session_in", token=own)
    door = Door(
        link.session, link.kind, token,
        lambda: check_comes_in_by(link, link.session, request.user),
        lambda who: join(link, who.name, who.speaks_for, who.email, who.language, request.user)[1],
        lambda who: wait_for_place(link.session, who, link, None, request.user),
        waiting=_known_to_wait(request, link.session),
    )  # fmt: skip
    return _at_the_door(request, door)


@require_http_methods(["GET", "POST"])
@handed_out
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Who was invited by mail comes in, or says that they can't; once in, the address leads to their page."""
    found = invitation_of(token)
    if found is None:
        raise Http404
    if found.participant_id:
        return redirect("session_in", token=accept(found, Seat(found.kind))[1])
    if request.method == "POST" and request.POST.get("what") == "decline":
        decline(found)
        messages.success(request, gettext("Noted. If you can come after all, come in by the same address."))
        return redirect("session_invited", token=token)
    door = Door(
        found.session, found.kind, token,
        lambda: check_not_over(found.session),
        lambda who: accept(found, who)[1],
        lambda who: wait_for_place(found.session, who, None, found),
        {"name": found.name, "speaks_for": found.speaks_for, "email": found.email},
        found,
        found.waiting.first(),
    )  # fmt: skip
    return _at_the_door(request, door)


@dataclass(frozen=True, slots=True)
class Door:
    """One way into a session: what comes in by it, or waits at it. ``known`` is what an invitation says already;
    ``check`` raises SessionRefused where nobody needs to fill anything in."""

    session: Session
    kind: str
    token: str
    check: Callable[[], object]
    let_in: Callable[[Seat], str]
    let_wait: Callable[[Seat], tuple[WaitingPlace, bool]]
    known: Mapping[str, str] = field(default_factory=dict)
    invitation: SessionInvitation | None = None
    waiting: WaitingPlace | None = None  # who waits here already

    @property
    def kind_label(self) -> str:
        return str(ParticipantKind(self.kind).label)


def _at_the_door(request: HttpRequest, door: Door) -> HttpResponse:
    try:
        door.check()
    except SessionRefused as refused:
        return _turned_away(request, door, refused)
    if door.waiting is not None:
        return _in_line(request, door, door.waiting)
    known = {name: value for name, value in door.known.items() if name != "email"}
    form = JoinForm(request.POST or None, initial=known)
    waits = request.POST.get("what") == "wait"
    form.waits = waits
    is_full = False
    if request.method == "POST" and form.is_valid():
        try:
            own = _let_through(request, door, form, waits)
        except SessionRefused as refused:
            is_full = isinstance(refused, NoPlaceLeft | NoAddress)
            form.add_error(None, str(refused.sentence))
        else:
            return own
    context = {"door": door, "form": form, "is_full": is_full, "left": places_left(door.session)}
    return render(request, "public/session_join.html", context, status=400 if form.errors else 200)


def _in_line(request: HttpRequest, door: Door, waiting: WaitingPlace) -> HttpResponse:
    """Who waits reads how many are before them, and may stop waiting; there is nothing to fill in again."""
    if request.method == "POST":
        if request.POST.get("what") == "unwait":
            stop_waiting(waiting)
            messages.success(request, gettext("You are no longer on the waiting list."))
        return redirect(request.path)
    context = {"door": door, "waiting": waiting, "turn": turn_of(waiting)}
    return render(request, "public/session_join.html", context)


def _known_to_wait(request: HttpRequest, session: Session) -> WaitingPlace | None:
    """Whoever waits for a place in a session and asked for it from this browser."""
    pk = request.get_signed_cookie(WAITS.format(session.pk), "", salt=WAITS, max_age=COOKIE_DAYS * 86_400)
    return session.waiting.filter(pk=pk).first() if pk else None


def _turned_away(request: HttpRequest, door: Door, refused: SessionRefused) -> HttpResponse:
    """Told so before filling anything in. What a withdrawn link led to is told to nobody who has it now."""
    context = {
        "door": door,
        "refused": refused.sentence,
        "is_withdrawn": isinstance(refused, LinkWithdrawn),
        "may_sign_in": isinstance(refused, OnlyForOrganisations),
    }
    status = 410 if isinstance(refused, LinkWithdrawn | SessionOver) else 403
    return render(request, "public/session_join.html", context, status=status)


def _let_through(request: HttpRequest, door: Door, form: JoinForm, waits: bool) -> HttpResponse:
    """To one's own page, or back to the door where one waits at it. Raises SessionRefused."""
    if not has_room("session-join", door.token, MOST_JOINED, IN_SECONDS):
        raise TooManyAtOnce
    values = form.cleaned_data
    email = values["email"] or (door.known.get("email", "") if waits else "")
    who = Seat(door.kind, values["name"], values["speaks_for"], email, language_now())
    if waits:
        waiting, is_new = door.let_wait(who)
        response = redirect(request.path)
        if not is_new:  # whose address somebody else may know, and write here: their place is not handed out
            messages.success(request, gettext("You are on the waiting list. You get a mail when there is a place."))
            return response
        name = WAITS.format(door.session.pk)
        response.set_signed_cookie(name, str(waiting.pk), salt=WAITS, **_kept_by_the_browser(request))
        return response
    own = door.let_in(who)
    response = redirect("session_in", token=own)
    response.set_cookie(COOKIE.format(door.session.pk), own, **_kept_by_the_browser(request))
    return response


def _kept_by_the_browser(request: HttpRequest) -> dict[str, Any]:
    return {"max_age": COOKIE_DAYS * 86_400, "httponly": True, "secure": request.is_secure(), "samesite": "Lax"}


def _own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of somebody who takes part; nobody else's address is there."""

    @handed_out
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        participant = participant_of(token)
        if participant is None:
            raise Http404
        return view(request, participant, token, **kwargs)

    return guarded


@require_safe
@_own_page
def inside(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    return _page(request, participant, token)


def _page(
    request: HttpRequest, participant: Participant, token: str, status: int = 200, unsent: str = ""
) -> HttpResponse:
    """``unsent`` are words that were refused: they come back to be corrected, or to be copied."""
    session = participant.session
    context = {
        "session": session,
        "participant": participant,
        "token": token,
        "kinds": kinds_for(participant.kind),
        "longest": LONGEST,
        "too_long": TooLong.sentence,
        "client_id": get_random_string(20),
        "unsent": unsent,
        "in_calendar": has_day(session.starts) and session.phase != Phase.CLOSED,
        "closed_by_plan": is_closed_by_the_plan(session),
        "dots": session.dots_for(participant.kind),
        "became": said_by(participant) if session.decisions_published_at else [],
        **_open_part(request, participant, token),
    }
    return render(request, "public/session_in.html", context, status=status)


def _open_part(request: HttpRequest, participant: Participant, token: str) -> dict[str, Any]:
    """What the page shows for the phase the session is in."""
    session = participant.session
    if session.phase == Phase.CONTRIBUTE:
        said = session.contributions.filter(taken_back=False).order_by("-sequence")[:SHOWN]
        return {"said": SafeString("".join(_row(request, participant, token, one) for one in said))}
    if session.phase == Phase.PREPARED:
        return {}
    placed, said_in, results = dots_of(participant), said_by_group(session), results_of(session)
    rows = [(one, placed.get(one.group.pk, 0), said_in.get(one.group.pk, [])) for one in results]
    left = session.dots_for(participant.kind) - sum(placed.values())
    if session.phase == Phase.PRIORITISE:  # nobody is led by what the others did
        rows.sort(key=lambda row: row[0].group.position)
        return {"rows": rows, "left": left}
    return {"rows": rows, "left": left, "results": results_inside(session, results) if results else ""}


@require_safe
@handed_out
def since(request: HttpRequest, token: str) -> HttpResponse:
    """What was said or changed after a number; 304 when nothing was, and the phase and the number of dots have stayed:
    one question then. Dots of others are nobody's business while they are placed."""
    asked = request.GET.get("sequence", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    state = state_at(token)
    if state is None:
        raise Http404
    has_stayed = request.GET.get("phase") == state.phase and request.GET.get("dots", str(state.dots)) == str(state.dots)
    if has_stayed and (number >= state.sequence or state.phase == Phase.PRIORITISE):
        return HttpResponseNotModified()
    changed = list(changes_since(state.session, number)[:SHOWN]) if state.phase == Phase.CONTRIBUTE else []
    reached = changed[-1].sequence if len(changed) == SHOWN else state.sequence
    who = Participant(pk=state.participant)
    response = HttpResponse("".join(_row(request, who, token, one) for one in changed))
    response["X-Sequence"], response["X-Phase"], response["X-Dots"] = str(reached), state.phase, str(state.dots)
    return response


def _row(request: HttpRequest, participant: Participant, token: str, one: Contribution) -> str:
    """One contribution as its reader sees it; only one's own has a form."""
    if one.participant_id != participant.pk:
        return _row_of_others(one, one.public_id, one.sequence, language_now())
    context = {"contributions": [one], "participant": participant, "token": token}
    return render_to_string("public/_session_said.html", context, request)


@lru_cache(maxsize=4_000)  # a hundred people ask for the same rows every other second: half of what an answer costs
def _row_of_others(one: Contribution, _public_id: str, _sequence: int, _language: str) -> str:
    """A row is another one when it was changed, which gives it another sequence."""
    return render_to_string("public/_session_said.html", {"contributions": [one]})


@require_safe
@_own_page
def own_calendar(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    """The session for one's own calendar, with the address of one's own page."""
    session = participant.session
    if not has_day(session.starts):
        raise Http404
    page = site_root(request) + reverse("session_in", kwargs={"token": token})
    headers = {"Content-Disposition": f'attachment; filename="{session.public_id}.ics"'}
    return HttpResponse(session_calendar(session, language_now(), page), content_type=CONTENT_TYPE, headers=headers)


@require_POST
@_own_page
def leave(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    """Give the place up before the session begins; who waits gets it."""
    try:
        session = give_up(participant)
    except SessionRefused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("session_in", token=token)
    free_places(session, site_root(request))
    messages.success(request, gettext("You have given your place up. Thank you for telling us."))
    response = redirect("public:plans")
    response.delete_cookie(COOKIE.format(session.pk))
    return response


@require_POST
@_own_page
def say(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    """One contribution. A retry with the same id is answered as the first time."""
    form = request.POST
    client_id, kind = form.get("client_id", ""), form.get("kind", "")
    if not CLIENT_ID.fullmatch(client_id) or kind not in kinds_for(participant.kind):
        raise Http404
    text = form.get("text", "")
    if not has_room("session", token, MOST_SENT, IN_SECONDS):
        return _refused(request, participant, token, 429, VERY_MUCH, text)
    try:
        made = contribute(participant, Said(client_id, text, kind, form.get("table", "")))
    except SessionRefused as refused:
        return _refused(request, participant, token, 409, refused.sentence, text)
    return _done(request, participant, token, [made])


@require_POST
@_own_page
def said(request: HttpRequest, participant: Participant, token: str, public_id: str) -> HttpResponse:
    """Correct one's own contribution, or take it back."""
    mine = get_object_or_404(participant.contributions.filter(taken_back=False), public_id=public_id)
    text = "" if request.POST.get("what") == "back" else request.POST.get("text", "")
    if not has_room("session", token, MOST_SENT, IN_SECONDS):
        return _refused(request, participant, token, 429, VERY_MUCH, text)
    try:
        if request.POST.get("what") == "back":
            changed = take_back(participant, mine)
        else:
            kind = request.POST.get("kind", "")
            if kind not in kinds_for(participant.kind):
                raise Http404
            changed = correct(participant, mine, text, kind)
    except SessionRefused as refused:
        return _refused(request, participant, token, 409, refused.sentence, text)
    return _done(request, participant, token, [changed])


@require_POST
@_own_page
def dot(request: HttpRequest, participant: Participant, token: str, number: int) -> HttpResponse:
    """A dot on a group, or one off it."""
    group = get_object_or_404(participant.session.groups, pk=number)
    client_id = request.POST.get("client_id", "")
    if not has_room("session", token, MOST_SENT, IN_SECONDS):
        return _refused(request, participant, token, 429, VERY_MUCH)
    try:
        if request.POST.get("what") == "off":
            take_dot_back(participant, group)
        elif CLIENT_ID.fullmatch(client_id):
            place_dot(participant, group, client_id)
        else:
            raise Http404
    except SessionRefused as refused:
        return _refused(request, participant, token, 409, refused.sentence)
    return redirect(f"{reverse('session_in', kwargs={'token': token})}#group-{number}")


@require_POST
@_own_page
def sits(request: HttpRequest, participant: Participant, token: str) -> HttpResponse:
    """At which table or in which group somebody sits: their dots are told by it."""
    if not has_room("session", token, MOST_SENT, IN_SECONDS):
        return _refused(request, participant, token, 429, VERY_MUCH)
    try:
        sit_at(participant, request.POST.get("table", ""))
    except SessionRefused as refused:
        return _refused(request, participant, token, 409, refused.sentence)
    messages.success(request, gettext("Saved."))
    return redirect("session_in", token=token)


def _done(request: HttpRequest, participant: Participant, token: str, rows: list[Any]) -> HttpResponse:
    if not _from_script(request):
        return redirect("session_in", token=token)
    context = {"contributions": rows, "participant": participant, "token": token}
    return render(request, "public/_session_said.html", context, status=201)


def _refused(
    request: HttpRequest, participant: Participant, token: str, status: int, sentence: Any, words: str = ""
) -> HttpResponse:
    if _from_script(request):
        return HttpResponse(str(sentence), status=status, content_type="text/plain; charset=utf-8")
    messages.error(request, str(sentence))
    if words.strip():
        return _page(request, participant, token, status, words)
    return redirect("session_in", token=token)


def _from_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
