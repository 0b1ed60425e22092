"""Nothing of the office's own reaches anybody else: at no address there is.

Every address of the site is asked, out of the resolver itself, so that a new one is asked too: by somebody who is not
signed in, by a participant, and by the contacts of two members whose records these are not. What must not be said has a
word of its own. An address that cannot be filled here makes the test fail until it is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.enums import SiteRole, Visibility
from sympolis.office.core.models import Document, Proposal, Record, User, record_models
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import MembershipAnswer, Organisation, Person, Post, Relation
from sympolis.office.planning.models import Process, Session
from sympolis.office.planning.sessions.actions import join, open_link
from sympolis.office.planning.voices.actions import change, report, say
from sympolis.office.planning.voices.moderation import hide, object_to
from sympolis.office.projects.models import Need, WritingLink
from sympolis.office.projects.running.models import Running
from sympolis.office.publishing.models import NewsItem
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.attendee_mails import token_of
from sympolis.office.synergies.models import (
    Attendee,
    Brief,
    Commitment,
    Grouping,
    Invitation,
    LineDecision,
    Meeting,
    PartnerDecision,
    SuggestionAnswer,
)
from tests.cast import Cast, office_today
from tests.factories import make_need, make_organisation
from tests.web.public.site import SECRET, make_site
from tests.web.staff.rooms import day

OTHERS = ("visitor", "outsider", "participant", "contact")
# What is asked besides the bare address, where no record is meant: the whole as a file, and lists with something found.
ASKED = ("", "?format=csv", "?q=city&on=2026-01-01&since=1990-01-01&when=past")

# Each hidden thing has a word that stands nowhere else.
PRIVATE_ORGANISATION = "Ouagadaleth"
PERSON, PERSONS_MAIL, PERSONS_POST, PERSONS_PHONE = "Quetzalli", "xochitl@hidden.example", "Hydrometrist", "555-900417"
NOTE, NEED, REMARK, LINK_LABEL = "Noteworthyx", "Needlepointx", "Remarkablex", "Labelledx"
MEETING, MEETING_NOTES, PRESENT = "Meetinghousex", "Minutetakerx", "Attendeex"
PROMISE, BRIEF, GROUPING, INVITED, DOCUMENT = "Promisedlandx", "Briefingx", "Groupingx", "Invitedx", "Documentedx"
TOKEN_NAME, OFFICERS_MAIL = "Tokenisedx", "officer@example.org"
TAKES_PART, PUTS_IN, SPEAKS_FOR, SAID, WHY = "Attendantx", "Participantx", "Councillorsx", "Contributedx", "Becausex"
PROPOSED, TRANSFERRED = "Proposedx", "Suggestedx"
UNSEEN, WHY_UNSEEN, REPORTED, OBJECTED = "Hiddencommentx", "Moderatedx", "Reportedx", "Objectedx"
INVITED_PERSON = "invitedx@hidden.example"
LINE, PAID, RISK, STEP, SYSTEM = "Budgetlinex", "Referencex", "Riskyx", "Milestonex", "Officialsystemx"
MARKERS = (
    SECRET, PRIVATE_ORGANISATION, PERSON, PERSONS_MAIL, PERSONS_POST, PERSONS_PHONE, NOTE, NEED, REMARK, LINK_LABEL,
    MEETING, MEETING_NOTES, PRESENT, PROMISE, BRIEF, GROUPING, INVITED, DOCUMENT, TOKEN_NAME, OFFICERS_MAIL,
    TAKES_PART, PUTS_IN, SPEAKS_FOR, SAID, WHY, PROPOSED, TRANSFERRED, UNSEEN, WHY_UNSEEN, REPORTED, OBJECTED,
    INVITED_PERSON, LINE, PAID, RISK, STEP, SYSTEM,
)  # fmt: skip
# What nobody has confirmed may be seen, and says so; it is in nothing that hands facts on as such.
UNCONFIRMED = "Hearsayx"
HANDED_ON = re.compile(r"^/sitemap|/feed/$|^/page/")

# How addresses are filled that take more than the id of a record.
NAMED: dict[str, list[dict[str, Any]]] = {
    "picture": [{"folder": "logos", "path": "none.png"}, {"folder": "office", "path": "none.png"}],
    "sitemap": [
        {"section": one}
        for one in ("pages", "org", "prj", "cal", "eve", "pla", "act", "ses", "agr", "pos", "new")
    ],
    "page_data": [
        {"name": one}
        for one in (
            "home", "organisations", "networks", "projects", "calls", "events", "plans", "positions", "graph", "news",
            "themes", "search", "credits", "legal",
        )
    ],
    "theme_data": [{"code": "water"}],
    "public:theme": [{"code": "water"}],
    "account_token_withdraw": [{"pk": 1}],
    "account_confirm_email": [{"key": "no-such-key"}],
    "account_reset_password_from_key": [{"uidb36": "1", "key": "no-such-key"}],
    "answer": [{"token": "nothing"}],
    "write": [{"token": "nothing"}],
    "written": [{"token": "nothing", "public_id": "nee_aaaaaaaaaaaa"}],
    "holds": [{"token": "nothing"}],
    "still_right": [{"token": "nothing"}],
    "digest_stop": [{"token": "nothing"}],
    "staff:brief_suggest": [{"field": one} for one in ("left", "right", "network")],
    "staff:import-template": [{"table": "organisations"}],
    "staff:import-preview": [{"token": "nothing"}],
    "staff:import-apply": [{"token": "nothing"}],
    "staff:session_incoming_preview": [{"token": "nothing", "public_id": "ses_aaaaaaaaaaaa"}],
}  # fmt: skip
BY_KEY = {"staff:writing_withdraw", "staff:import-undo", "staff:same_back", "staff:user_change",
          "staff:user_invite_again", "staff:user_deactivate", "staff:user_reactivate", "staff:user_invitation_withdraw",
          "staff:proposal_decide", "staff:proposal_withdraw", "staff:double_back", "staff:merged"}  # fmt: skip
BELOW_A_PLAN = {
    "public:plan_by": ("goals", "places", "departments", "time", "changes"),
    "public:plan_data": ("csv", "json", "xlsx"),
}
# Django's own administration is a door of its own: who is no administrator is sent to sign in at every address of it.
LEFT_TO_DJANGO = "admin"


@dataclass(frozen=True)
class Address:
    """A pattern of the resolver: its name and what it wants to be filled with."""

    name: str
    wants: frozenset[str]


def addresses(resolver: URLResolver | None = None, above: tuple[str, ...] = (), spaces: str = "") -> Iterator[Address]:
    for pattern in (resolver or get_resolver()).url_patterns:
        wants = (*above, *re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern)))
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name: it cannot be asked"
            yield Address(f"{spaces}{pattern.name}", frozenset(wants))
        elif pattern.namespace != LEFT_TO_DJANGO:
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from addresses(pattern, wants, inner)


@dataclass(frozen=True)
class Hidden:
    """Records of every kind, hidden and seen, and what else addresses name."""

    records: list[Record]
    others: list[str]  # public ids of what is no record: briefs, groups
    handed_out: dict[str, str]  # tokens of pages without sign-in, by the address they open: whoever has one reads it
    numbered: dict[str, int]  # what addresses below a record's name by number

    def fillings(self, address: Address) -> list[dict[str, Any]]:
        """With what an address is asked. Raises AssertionError for one that nobody has thought of."""
        if address.name in NAMED:
            return NAMED[address.name]
        if not address.wants:
            return [{}]
        if "token" in address.wants:
            numbers = {name: value for name, value in self._below().items() if name in address.wants}
            return [{"token": self.handed_out[address.name], **numbers}]
        if address.name in self.numbered:
            number = self.numbered[address.name]
            more = {name: number for name in ("number", "pk") if name in address.wants}
            return [{"public_id": one.public_id, **more} for one in self.records]
        for name, words in BELOW_A_PLAN.items():
            if address.name == name:
                [said] = set(address.wants) - {"slug", "public_id"}
                return [
                    {"public_id": one.public_id, "slug": one.slug, said: word} for one in self.records for word in words
                ]
        if address.wants == {"public_id", "number"}:
            return [{"public_id": one.public_id, "number": 1} for one in self.records]
        if address.name == "staff:merge":
            return [{"public_id": one.public_id, "other_id": self.records[0].public_id} for one in self.records]
        if address.name in BY_KEY and address.wants == {"pk"}:
            return [{"pk": 1}]
        if address.name == "staff:running_obligation":
            return [{"public_id": one.public_id, "code": "poster"} for one in self.records]
        if address.name == "staff:restore":
            return [{"public_id": one.public_id, "history_id": 1} for one in self.records]
        if address.name == "staff:brief_ask":
            return [{"public_id": one, "member": self.records[0].public_id} for one in self.others]
        if address.wants == {"kind", "public_id"}:
            return [{"kind": one.PAGE or "x", "public_id": one.public_id} for one in self.records]
        if address.wants in ({"public_id"}, {"slug", "public_id"}):
            with_slug = "slug" in address.wants
            found = [{"public_id": one.public_id, **({"slug": one.slug} if with_slug else {})} for one in self.records]
            return found if with_slug else [*found, *({"public_id": one} for one in self.others)]
        raise AssertionError(f"Name {address.name} here: it wants {sorted(address.wants)}.")

    def _below(self) -> dict[str, Any]:
        return {"number": self.numbered["session_dot"], "public_id": "con_aaaaaaaaaaaa"}


@pytest.fixture
def hidden(cast: Cast, settings: Any, tmp_path: Any) -> Hidden:
    site = make_site(cast)
    org: Any = site.public["organisation"]
    office = {"visibility": Visibility.OFFICE}
    house = make_organisation(
        f"{PRIVATE_ORGANISATION} house", kind="city", country="TN", latitude=35.0, longitude=9.0, themes=("water",),
        **office,
    )  # fmt: skip
    Relation.objects.create(from_organisation=house, type="member_of", to_organisation=site.network, role="Seat")
    site.public["project"].participations.create(organisation=house)  # type: ignore[attr-defined]
    site.public["event"].cities.add(house)  # type: ignore[attr-defined]
    site.public["agreement"].parties.add(house)  # type: ignore[attr-defined]
    person = Person.objects.create(
        organisation=org, name=PERSON, post=Text.of(en=PERSONS_POST), email=PERSONS_MAIL,
        telephone=PERSONS_PHONE, visibility=Visibility.PUBLIC,
    )  # fmt: skip
    Person.objects.exclude(pk=person.pk).update(organisation=site.secret["organisation"].pk, name=SECRET)
    post = Post.objects.create(person=person, organisation=org, post=Text.of(en=PERSONS_POST), visibility="public")
    secret_need = make_need(org, f"{NEED} for the office", themes=("water",), **office)
    meeting = Meeting.objects.create(title=Text.of(en=f"{MEETING} talk"), kind="bilateral", **office)
    seen_meeting = Meeting.objects.create(
        title=Text.of(en="A talk"), kind="bilateral", notes=MEETING_NOTES, posts_present=PRESENT
    )
    for one in (meeting, seen_meeting):
        one.starts = day(3)
        one.save()
        one.organisations.add(cast.amb, house)
    promise = Commitment.objects.create(organisation=cast.amb, text=Text.of(en=PROMISE), meeting=meeting, **office)
    make_organisation(f"{UNCONFIRMED} city", country="TN", confirmed=False, themes=("water",))
    NewsItem.objects.create(title=Text.of(en=f"{UNCONFIRMED} news"), confirmed=False)
    brief = make_brief(cast.officer, Wish(cast.amb, org, site.network, on=office_today()))
    Brief.objects.filter(pk=brief.pk).update(title=BRIEF)
    pair = "|".join(sorted((cast.amb.public_id, org.public_id)))
    LineDecision.objects.create(pair=pair, line="x", verdict="dropped", reason=REMARK, comment=REMARK, by=cast.officer)
    PartnerDecision.objects.create(
        organisation=cast.amb, partner=org, verdict="no", reason=REMARK, by=cast.officer
    )  # fmt: skip
    SuggestionAnswer.objects.create(
        subject="partners", about=cast.amb.public_id, suggestion="x", answer="no", reason=REMARK, by=cast.officer
    )
    Invitation.objects.create(
        brief=brief, organisation=org, language="en", subject=INVITED, body=INVITED, to=PERSONS_MAIL
    )  # fmt: skip
    grouping = Grouping.objects.create(title=GROUPING, texts=[{"id": "1", "text": GROUPING, "language": "en"}])
    WritingLink.objects.create(
        organisation=org, label=LINK_LABEL, email=PERSONS_MAIL, language="en", token="x" * 64,
        expires_on=date(2099, 1, 1), made_by=cast.officer,
    )  # fmt: skip
    Document.objects.filter(pk=site.secret["document"].pk).update(title=DOCUMENT, file_name=f"{DOCUMENT}.txt")
    make_token(cast.officer, TOKEN_NAME, "read", timezone.localdate() + timedelta(days=9))
    handed_out, numbered = _without_sign_in(cast, site, seen_meeting)
    MembershipAnswer.objects.create(
        organisation=cast.amb, network=site.network, year=office_today().year - 1, used="yes", keep="yes", why=WHY,
        by=cast.officer,
    )  # fmt: skip
    comment, phase = _hidden_comment(site.public["plan"])
    numbered["staff:process_phase_remove"] = phase
    proposal = Proposal.objects.create(record=org.public_id, kind="org", title=PROPOSED, by=cast.administrator)
    proposal.changes.create(field="website", before="", after=f"https://{TRANSFERRED}.example")
    _run(site.public["project"])
    _note_everywhere()
    records = [*site.public.values(), *site.secret.values(), house, person, post, secret_need, meeting, seen_meeting]
    return Hidden(
        _two_of_each([*records, promise]), [brief.public_id, grouping.public_id, comment], handed_out, numbered
    )


def _without_sign_in(cast: Cast, site: Any, meeting: Meeting) -> tuple[dict[str, str], dict[str, int]]:
    """Somebody who takes part in a meeting, and somebody in each of two sessions: one published, one that is not."""
    attendee = Attendee.objects.create(
        meeting=meeting, organisation=cast.amb, name=TAKES_PART, email="attendee@example.org", asked_at=timezone.now()
    )
    hidden: Any = site.secret["session"]
    Session.objects.filter(pk=hidden.pk).update(published_at=None, phase="contribute")
    for session in (hidden, site.public["session"]):
        link, door = open_link(cast.officer, session, "council")
        somebody, _own = join(link, PUTS_IN, SPEAKS_FOR)
        _other, own = join(link, "", "")
        words = SAID if session is hidden else "Said in public"
        one = session.contributions.create(
            participant=somebody, client_id="x" * 8, text=words, sequence=1, outcome="not", reason=Text.of(en=WHY)
        )
        one.links.create(line=site.public["plan"])
        if session is hidden:
            continue
        group = session.groups.create(name=Text.of(en="A group"))
        inside = dict.fromkeys(("session_in", "session_since", "session_say", "session_said", "session_dot"), own)
        takes_part = dict.fromkeys(("takes_part", "takes_part_calendar"), token_of(attendee))
        numbers = {
            "session_dot": group.pk, "staff:session_link_close": link.pk, "staff:meeting_attendee": attendee.pk,
            "staff:meeting_attendee_off": attendee.pk,
            **dict.fromkeys(("staff:team_role", "staff:team_end", "staff:team_invite_again"), 1),
        }  # fmt: skip
        return {**inside, **takes_part, "session_join": door}, numbers
    raise AssertionError("a session is published")


def _hidden_comment(plan: Any) -> tuple[str, int]:
    """A comment that was changed, reported, hidden and objected to, on a plan with a process."""
    author, moderator = (
        User.objects.create_user(f"{name}@hidden.example", role=role)
        for name, role in (("author", SiteRole.PARTICIPANT), ("moderator", SiteRole.OFFICER))
    )
    process = Process.objects.create(plan=plan, is_open=True, audience="invited", invited=INVITED_PERSON)
    phase = process.phases.create(
        title=Text.of(en="A phase"), starts=date(2020, 1, 1), ends=date(2099, 1, 1), support=True, comment=True
    )
    Process.objects.update(audience="public")
    said = say(author, plan, f"{UNSEEN} first", "client-1")
    say(author, plan, "An answer", "client-2", change(author, said, f"{UNSEEN} then"))
    report(moderator, said, "other", REPORTED)
    hide(moderator, said, WHY_UNSEEN)
    object_to(author, said, OBJECTED)
    return said.public_id, phase.pk


def _run(project: Any) -> None:
    """How a public project is run, of which only what is said to be public may be seen."""
    Running.objects.create(project=project, rules="interreg", layout="full", official_name=SYSTEM)
    house = project.organisations.first()
    project.shares.create(organisation=house, own=Decimal(5))
    project.budget_lines.create(what=LINE, planned=Decimal(5))
    project.payments.create(on=date(2026, 1, 1), amount=Decimal(5), reference=PAID)
    project.risks.create(what=RISK)
    project.milestones.create(title=Text.of(en=STEP), due=date(2026, 1, 1))
    project.periods.create(label=STEP, starts=date(2026, 1, 1), ends=date(2026, 1, 2), due=date(2026, 1, 3))
    project.efforts.create(month=date(2026, 1, 1), post=RISK, hours=Decimal(1))


def _note_everywhere() -> None:
    """The office's note on every record there is."""
    for model in record_models().values():
        model._default_manager.update(note=NOTE)


def _two_of_each(records: list[Record]) -> list[Record]:
    """Of each kind one that everybody may see and one of the office: an address is the same for all of a kind."""
    found: dict[tuple[type[Record], str], Record] = {}
    for one in records:
        found.setdefault((type(one), one.visibility), one)
    return list(found.values())


def said(answer: Any) -> str:
    """All of an answer: where it leads, and what it says."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if (file := getattr(answer, "file_to_stream", None)) is not None:
        file.close()
    leads, named = (answer.headers.get(name, "") for name in ("Location", "Content-Disposition"))
    return f"{leads}\n{named}\n{body.decode(errors='replace')}"


def told(client: Client, address: str) -> tuple[int, str]:
    """What is told at an address, without the address itself: a page that is not there says what was asked."""
    answer = client.get(address)
    parts = [part for part in address.partition("?")[0].split("/") if "-" in part]
    words = said(answer)
    for part in parts:
        words = words.replace(part, "")
    return answer.status_code, words


def bare_and_asked(address: Address, filling: dict[str, Any]) -> list[str]:
    """The addresses to ask. What a list shows of its own does not depend on a record being named."""
    try:
        path = reverse(address.name, kwargs=filling)
    except NoReverseMatch:  # a pattern that does not take ids of this kind
        return []
    return [path + more for more in ASKED] if not address.wants else [path]


def test_every_address_is_thought_of(cast: Cast, hidden: Hidden) -> None:
    found = list(addresses())
    assert len({one.name for one in found}) > 150
    assert [one.name for one in found if not hidden.fillings(one)] == []
    names = {one.name for one in found}
    assert sorted((set(NAMED) | BY_KEY) - names) == []  # nothing is named here that is no more


def asking(client: Client) -> Client:
    """A page that breaks is an answer too: which one is said at the end, of all that break."""
    client.raise_request_exception = False
    return client


def shown(words: str, markers: Iterable[str]) -> list[str]:
    low = words.lower()
    return [marker for marker in markers if marker.lower() in low]


def officers_walk(cast: Cast, hidden: Hidden) -> tuple[dict[str, set[str]], list[str], int]:
    """The addresses at which an officer is told any of the words, with these; what broke; and how many answered.

    Who sees everything is told everything: where an officer is told none of them, nobody can be.
    """
    officer = asking(cast.client("officer"))
    heard: dict[str, set[str]] = {}
    broken, answered = [], 0
    for address in addresses():
        for filling in hidden.fillings(address):
            for path in bare_and_asked(address, filling):
                status, words = told(officer, path)
                answered += status not in {404, 405}
                if status >= 500:
                    broken.append(path)
                elif markers := shown(words, (*MARKERS, UNCONFIRMED)):
                    heard[path] = set(markers)
    return heard, broken, answered


def test_nothing_hidden_is_said_anywhere(cast: Cast, hidden: Hidden) -> None:
    heard, broken, answered = officers_walk(cast, hidden)
    assert broken == []
    assert answered > 250
    # So that what follows could fail: each of the words is at one of these very addresses; a remark on a
    # partner is said where a question is asked.
    assert {*MARKERS, UNCONFIRMED} - set().union(*heard.values()) == {REMARK}
    clients = {who: cast.client(who) for who in OTHERS}
    _token, written = make_token(cast.outsider, "x", "write", timezone.localdate() + timedelta(days=9))
    clients["outsider's program"] = Client(headers={"Authorization": f"Bearer {written}"})
    leaks = []
    for who, client in clients.items():
        for path in heard:
            if who.endswith("program") and not path.startswith("/api/"):
                continue
            status, words = told(asking(client), path)
            markers = MARKERS + ((UNCONFIRMED,) if HANDED_ON.search(path) else ())
            if status >= 500 or shown(words, markers):
                leaks.append((who, path, status, shown(words, markers)))
    assert leaks == []


def test_the_records_named_above_are_there(cast: Cast, hidden: Hidden) -> None:
    assert {type(one) for one in hidden.records} >= {Organisation, Person, Post, Need, Meeting, Commitment, Document}
