"""Nothing of the office's own reaches anybody else: at no address there is.

Every address of the site is asked, out of the resolver itself, so that a new one is asked too: by somebody who is not
signed in, by a participant, and by the contacts of two members whose records these are not. Somebody of a member of
the office's network is told what is open to these, and nothing more. What must not be said has a word of its own. An
address that cannot be filled here makes the test fail until it is named.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.enums import SiteRole, Visibility
from sympolis.office.core.models import Document, Proposal, Record, User, record_models
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, MembershipAnswer, Organisation, Person, Post, Relation
from sympolis.office.events.models import Event, FeedbackAnswer, Registration, RegistrationRules, Speaker
from sympolis.office.events.registering.queries import token_of as registration_token
from sympolis.office.planning.models import Process, Session
from sympolis.office.planning.sessions.actions import join, open_link
from sympolis.office.planning.voices.actions import change, report, say
from sympolis.office.planning.voices.moderation import hide, object_to
from sympolis.office.projects.models import Application, Need, WritingLink
from sympolis.office.projects.running.models import Running
from sympolis.office.publishing.models import Issue, NewsItem, OldAddress, Page, PageDraft, Subscriber
from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.attendee_mails import token_of
from sympolis.office.synergies.models import (
    Attendee,
    Brief,
    Commitment,
    Grouping,
    HelpRequest,
    Invitation,
    LineDecision,
    Meeting,
    PartnerDecision,
    SuggestionAnswer,
    Watch,
)
from tests.cast import Cast, let_in, office_today
from tests.factories import make_need, make_organisation, make_project
from tests.web.public.site import SECRET, make_records, make_site
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
PROPOSED, TRANSFERRED, NEWCOMER = "Proposedx", "Suggestedx", "Newcomerx"
UNSEEN, WHY_UNSEEN, REPORTED, OBJECTED = "Hiddencommentx", "Moderatedx", "Reportedx", "Objectedx"
INVITED_PERSON, GUEST, WAITS = "invitedx@hidden.example", "guestx@hidden.example", "waitsx@hidden.example"
PRIORITY, WHERE = "Geopriorityx", "Wherex"
NETWORKS_OWN = "Netweaverx"  # open to the members of the office's networks
# Groups of fields of records that everybody may see, kept by the office and open to its networks.
KEPT_SITE, KEPT_MAIL, KEPT_MONEY = "keptsitex.example", "keptmailx@hidden.example", "98765432"
OPEN_SITE, OPEN_MAIL, OPEN_MONEY = "opensitex.example", "openmailx@hidden.example", "87654321"
APPLIED, TO_BE_DONE, ASKED_FOR, WATCHED = "Appliedforx", "Tobedonex", "Askedforx", "Watchedx"
REGISTERED, REGISTERED_MAIL, ANSWERED = "Registeredx", "registeredx@hidden.example", "Answeredx"
ASKED_TO_SPEAK, MEETING_LINK, FED_BACK = "Speakingx", "meetlinkx.hidden.example", "Feedbackx"
SUBSCRIBED, AN_ISSUE, A_BLOCK = "subscriberx@hidden.example", "Newslettersx", "Blockingx"
DRAFTED, UNPUBLISHED, OLD_PATH = "Draftedx", "Unpublishedx", "Oldpathx"
LINE, PAID, RISK, STEP, SYSTEM = "Budgetlinex", "Referencex", "Riskyx", "Milestonex", "Officialsystemx"
MARKERS = (
    SECRET, PRIVATE_ORGANISATION, PERSON, PERSONS_MAIL, PERSONS_POST, PERSONS_PHONE, NOTE, NEED, REMARK, LINK_LABEL,
    MEETING, MEETING_NOTES, PRESENT, PROMISE, BRIEF, GROUPING, INVITED, DOCUMENT, TOKEN_NAME, OFFICERS_MAIL,
    TAKES_PART, PUTS_IN, SPEAKS_FOR, SAID, WHY, PROPOSED, TRANSFERRED, NEWCOMER, UNSEEN, WHY_UNSEEN, REPORTED, OBJECTED,
    INVITED_PERSON, KEPT_SITE, KEPT_MAIL, KEPT_MONEY, APPLIED, TO_BE_DONE, ASKED_FOR, WATCHED,
    REGISTERED, REGISTERED_MAIL, ANSWERED, ASKED_TO_SPEAK, MEETING_LINK, FED_BACK,
    SUBSCRIBED, AN_ISSUE, A_BLOCK,
    GUEST, WAITS, PRIORITY, WHERE,
    LINE, PAID, RISK, STEP, SYSTEM, DRAFTED, UNPUBLISHED, OLD_PATH,
)  # fmt: skip
TO_INSIDERS = (NETWORKS_OWN, OPEN_SITE, OPEN_MAIL, OPEN_MONEY)
# What nobody has confirmed may be seen, and says so; it is in nothing that hands facts on as such.
UNCONFIRMED = "Hearsayx"
HANDED_ON = re.compile(r"^/sitemap|/feed/$|^/page/")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s,.](?=\d{3})")  # sums of money are written in groups
# Where somebody of a member of the network is told less than an officer: people, the actions one answers for, and what
# only those open who write the record or work in the office.
PEOPLES_OR_OWN = re.compile(r"^/api/v1/people|^/en/office/(people|plans/actions)/")
FOR_WHO_WRITES = re.compile(r"^/en/office/|^/api/v1/.*/fields$")

# How addresses are filled that take more than the id of a record.
NAMED: dict[str, list[dict[str, Any]]] = {
    "picture": [{"folder": one, "path": "none.png"} for one in ("logos", "office", "pictures")],
    "sitemap": [
        {"section": one}
        for one in ("pages", "org", "prj", "cal", "eve", "pla", "act", "ses", "agr", "pos", "new", "pag")
    ],
    "page_data": [
        {"name": one}
        for one in (
            "home", "organisations", "networks", "projects", "calls", "events", "plans", "positions", "graph", "news",
            "pages", "themes", "search", "credits", "legal",
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
    "calls_stop": [{"token": "nothing"}],
    "due_stop": [{"token": "nothing"}],
    "house_stop": [{"token": "nothing"}],
    "ask_help": [{"token": "nothing"}],
    "partner_answer": [{"token": "nothing"}],
    **{f"public:letter_{name}": [{"token": "nothing"}] for name in ("confirm", "preferences", "leave")},
    **{f"staff:outbox_{name}": [{"name": "a.log", "number": 0}] for name in ("mail", "html")},
    "staff:outbox_file": [{"name": "a.log", "number": 0, "place": 0}],
    "own_calendar": [{"token": "nothing"}],
    "session_invited": [{"token": "nothing"}],
    "staff:brief_suggest": [{"field": one} for one in ("left", "right", "network")],
    "staff:import-template": [{"table": "organisations"}],
    "staff:import-preview": [{"token": "nothing"}],
    "staff:import-apply": [{"token": "nothing"}],
    "staff:running_lines_look": [{"token": "nothing", "public_id": "prj_aaaaaaaaaaaa"}],
    "staff:running_shares_look": [{"token": "nothing", "public_id": "prj_aaaaaaaaaaaa"}],
    "staff:session_incoming_preview": [{"token": "nothing", "public_id": "ses_aaaaaaaaaaaa"}],
    "staff:session_incoming_back": [{"token": "nothing", "public_id": "ses_aaaaaaaaaaaa"}],
    "staff:priorities_preview": [{"token": "nothing", "public_id": "pla_aaaaaaaaaaaa"}],
}  # fmt: skip
BY_KEY = {"staff:writing_withdraw", "staff:import-undo", "staff:same_back", "staff:user_change",
          "staff:user_invite_again", "staff:user_deactivate", "staff:user_reactivate", "staff:user_invitation_withdraw",
          "staff:proposal_decide", "staff:proposal_withdraw", "staff:proposal_picture",
          "staff:double_back", "staff:merged", "staff:watch", "staff:watch_remove", "staff:letter_remove",
          "staff:watch_say", "staff:help_link_withdraw", "staff:subscriber", "staff:returned_mail",
          "staff:old_address_remove"}  # fmt: skip
BELOW_A_PLAN: dict[str, tuple[str | int, ...]] = {
    "public:plan_by": ("goals", "places", "departments", "time", "heat", "alignment", "changes"),
    "public:plan_data": ("csv", "json", "xlsx"),
    "public:plan_comments_data": ("csv", "json", "xlsx"),
    "public:plan_supports_data": ("csv", "json", "xlsx"),
    "public:plan_report": (2026,),
}
WRITTEN: dict[str, dict[str, str]] = {
    "staff:block": {"key": "a"},
    "staff:block_add": {"kind": "text"},
    "staff:translate": {"source": "en", "target": "ca"},
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
        if address.name.startswith(("staff:newsletter", "public:letter_issue")) and "public_id" in address.wants:
            said = {"language": "en", "scheme": "light", "pk": self.numbered["an issue's block"]}
            more = {name: value for name, value in said.items() if name in address.wants}
            return [{"public_id": self.others[-1], **more}]
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
        if address.name == "staff:event_rows":
            kinds = ("speakers", "sessions", "recordings", "questions")
            return [{"public_id": one.public_id, "what": what} for one in self.records for what in kinds]
        if address.name in WRITTEN:
            return [{"public_id": one.public_id, **WRITTEN[address.name]} for one in self.records]
        if address.name == "share_picture":
            return [{"public_id": one.public_id, "language": "en"} for one in self.records]
        if address.name == "staff:priority":
            return [{"public_id": one.public_id, "number": 1, "priority": 1} for one in self.records]
        if address.name == "api-v1:one_proposal":
            return [{"number": 1}, {"number": 2}]
        if address.wants == {"public_id", "number"}:
            return [{"public_id": one.public_id, "number": 1} for one in self.records]
        if address.name == "staff:merge":
            return [{"public_id": one.public_id, "other_id": self.records[0].public_id} for one in self.records]
        if address.name == "staff:application_letter":
            number = self.numbered["staff:application_ask"]
            return [{"public_id": one.public_id, "number": number, "kind": "intent"} for one in self.records]
        if address.name in BY_KEY and address.wants == {"pk"}:
            return [{"pk": 1}]
        if address.wants == {"public_id", "since"}:
            return [{"public_id": one.public_id, "since": "2020-01-01"} for one in self.records]
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
    let_in(cast, site.network)
    networks_own: dict[str, Record] = {}
    make_records(cast, site.network, NETWORKS_OWN, "network", networks_own)
    grouped = [
        *_grouped(cast, "office", KEPT_SITE, KEPT_MAIL, KEPT_MONEY),
        *_grouped(cast, "network", OPEN_SITE, OPEN_MAIL, OPEN_MONEY),
    ]
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
    SuggestionAnswer.objects.bulk_create(
        SuggestionAnswer(subject=subject, about=about, suggestion=key, answer="no", reason=REMARK, words=REMARK)
        for subject, about, key in (
            ("needs", "need:x", org.public_id),
            ("needs", secret_need.public_id, "x"),
            ("peers", cast.amb.public_id, "x"),
            ("consortium", " ".join(sorted(("cal_x", cast.amb.public_id))), org.public_id),
        )
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
    own, number = _hidden_registrations(site.public["event"])
    handed_out |= dict.fromkeys(
        ("registration", "registration_calendar", "registration_certificate", "registration_feedback"), own
    )
    numbered |= dict.fromkeys(("staff:event_registration_off", "staff:event_mail_again"), number)
    secret_plan: Any = site.secret["plan"]
    version = secret_plan.priority_versions.create(label=PRIORITY, since=date(2020, 1, 1))
    version.priorities.create(title=Text.of(en=PRIORITY), countries=("TN",))
    comment, phase = _hidden_comment(site.public["plan"])
    numbered["staff:process_phase_remove"] = phase
    proposal = Proposal.objects.create(record=org.public_id, kind="org", title=PROPOSED, by=cast.administrator)
    proposal.changes.create(field="website", before="", after=f"https://{TRANSFERRED}.example")
    added = Proposal.objects.create(kind="org", title=NEWCOMER, by=cast.administrator)
    added.changes.create(field="name", before=None, after=NEWCOMER)
    applied, request = _work(cast, org, numbered)
    issue, numbered["an issue's block"] = _draft_issue()
    unpublished = _written(site.public["office_page"])
    _run(site.public["project"])
    _note_everywhere()
    made = [*site.public.values(), *site.secret.values(), *networks_own.values()]
    records = _one_of_each([*made, house, person, post, secret_need, meeting, seen_meeting, promise, applied, request])
    others = [brief.public_id, grouping.public_id, comment, issue]
    return Hidden([*records, *grouped, *unpublished], others, handed_out, numbered)


def _grouped(cast: Cast, visibility: str, site: str, mail: str, money: str) -> list[Record]:
    """An organisation, its department and a project, with groups of fields that are not for everybody."""
    number = "B" if visibility == "office" else "A"
    house = make_organisation(
        f"Grouped {visibility}", kind="city", website=f"https://{site}", websites=[f"projects||https://more.{site}"],
        identifiers=[f"national:{number}-{site}"], contact_visibility=visibility, identifiers_visibility=visibility,
    )  # fmt: skip
    Department.objects.create(
        organisation=house, name=Text.of(en="Port"), post=Text.of(en=f"Post {site}"), mailbox=mail,
        contact_visibility=visibility,
    )  # fmt: skip
    project = make_project(
        f"Grouped {visibility} project", house, cast.amb, budget=int(money), themes=("water",),
        money_visibility=visibility,
    )  # fmt: skip
    project.participations.update(money=int(money))
    return [house, project]


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
            participant=somebody,
            client_id="x" * 8,
            text=words,
            sequence=1,
            outcome="not",
            reason=Text.of(en=WHY),
            place=WHERE if session is hidden else "",
        )
        session.invitations.create(kind="expert", email=GUEST, name=GUEST)
        session.waiting.create(kind="expert", email=WAITS, name=WAITS)
        one.links.create(line=site.public["plan"])
        sheet = session.paper_sheets.create(kind="council", table=SAID if session is hidden else "1", people=1)
        if session is hidden:
            continue
        group = session.groups.create(name=Text.of(en="A group"))
        inside = dict.fromkeys(
            (
                "session_in",
                "session_since",
                "session_say",
                "session_said",
                "session_dot",
                "session_sits",
                "session_leave",
                "session_calendar",
            ),
            own,
        )
        takes_part = dict.fromkeys(("takes_part", "takes_part_calendar"), token_of(attendee))
        numbers = {
            "session_dot": group.pk, "staff:session_link_close": link.pk, "staff:session_paper_out": sheet.pk,
            "staff:meeting_attendee": attendee.pk, "staff:meeting_attendee_off": attendee.pk,
            **dict.fromkeys(("staff:team_role", "staff:team_end", "staff:team_invite_again"), 1),
        }  # fmt: skip
        return {**inside, **takes_part, "session_join": door}, numbers
    raise AssertionError("a session is published")


def _work(cast: Cast, org: Any, numbered: dict[str, int]) -> tuple[Application, HelpRequest]:
    """What the office applies for with whom, what a department asked for, what somebody watches."""
    applied = Application.objects.create(
        title=Text.of(en=APPLIED), organisation=cast.amb, result=APPLIED, decision_reason=APPLIED, owner=cast.officer
    )
    partner = applied.partners.create(organisation=org, note=APPLIED)
    partner.requests.create(language="en", to=PERSONS_MAIL, subject=APPLIED, body=APPLIED, expires_on=date(2099, 1, 1))
    task = applied.tasks.create(text=TO_BE_DONE, owner=cast.officer)
    request = HelpRequest.objects.create(
        title=Text.of(en=ASKED_FOR),
        text=Text.of(en=ASKED_FOR),
        asked_by=ASKED_FOR,
        email=PERSONS_MAIL,
        answer=ASKED_FOR,
    )
    own = Watch.objects.create(person=cast.officer, label=WATCHED, words=WATCHED)
    SuggestionAnswer.objects.create(subject="calls", about=own.key, suggestion="x", answer="no", reason=REMARK)
    numbered |= {
        "staff:application_task_done": task.pk, "staff:application_partner_change": partner.pk,
        "staff:application_ask": partner.pk,
    }  # fmt: skip
    return applied, request


def _hidden_registrations(event: Any) -> tuple[str, int]:
    """Somebody who registered, with an answer, and somebody else who waits for a place and has their own page."""
    Event.objects.filter(pk=event.pk).update(link=f"https://{MEETING_LINK}/room")
    Speaker.objects.create(event=event, name=ASKED_TO_SPEAK, post=ASKED_TO_SPEAK, state="invited")
    rules = RegistrationRules.objects.create(event=event, capacity=1, asks_feedback=True, has_certificate=True)
    question = rules.questions.create(text=Text.of(en="A question"), kind="text")
    now = timezone.now()
    about = {"event": event, "queued_at": now, "consented_at": now, "language": "en"}
    hidden = Registration.objects.create(
        name=REGISTERED, email=REGISTERED_MAIL, folded_email=REGISTERED_MAIL, house=REGISTERED, state="confirmed",
        answers={str(question.pk): ANSWERED}, came_at=now, **about,
    )  # fmt: skip
    own = Registration.objects.create(
        name="Own", email="own@example.org", folded_email="own@example.org", state="waiting", **about
    )
    FeedbackAnswer.objects.create(event=event, useful=1, organised=1, words=FED_BACK)
    return registration_token(own), hidden.pk


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


def _draft_issue() -> tuple[str, int]:
    """A newsletter that nobody may read yet, and somebody of whom it is in doubt whether they got it."""
    issue = Issue.objects.create(month=date(2026, 10, 1), title=Text.of(en=AN_ISSUE), languages=("en",))
    block = issue.blocks.create(kind="own", title=Text.of(en=A_BLOCK))
    one = Subscriber.objects.create(email=SUBSCRIBED, folded=SUBSCRIBED, state="subscribed")
    issue.deliveries.create(subscriber=one, state="doubt", due_at=timezone.now(), claimed_at=timezone.now())
    return issue.public_id, block.pk


def _written(page: Any) -> list[Record]:
    """What is being written at a page that readers see, one they never saw, and news that wait for a second reader."""
    block = {"key": "a", "kind": "text", "words": Text.of(en=DRAFTED)}
    PageDraft.objects.create(page=page, title=Text.of(en=DRAFTED), summary=Text.of(en=DRAFTED), blocks=[block])
    OldAddress.objects.create(path=f"/{OLD_PATH}", leads_to="/en/news/")
    hidden = Page.objects.create(title=Text.of(en=UNPUBLISHED), summary=Text.of(en=UNPUBLISHED), parent=page)
    NewsItem.objects.create(title=Text.of(en=UNPUBLISHED), summary=Text.of(en=UNPUBLISHED), stage="waiting")
    return [hidden]


def _run(project: Any) -> None:
    """How a public project is run, of which only what is said to be public may be seen."""
    Running.objects.create(project=project, rules="interreg", layout="full", official_name=SYSTEM)
    house = project.organisations.first()
    project.shares.create(organisation=house, own=Decimal(5))
    project.budget_lines.create(what=LINE, planned=Decimal(5))
    project.lines_brought.create(file_name=LINE)
    project.shares_brought.create(file_name=LINE)
    project.indicators.create(title=Text.of(en=STEP), reached=Decimal(5))
    project.payments.create(on=date(2026, 1, 1), amount=Decimal(5), reference=PAID)
    project.risks.create(what=RISK)
    project.work_packages.create(code="WP1", title=Text.of(en=STEP))
    project.milestones.create(title=Text.of(en=STEP), due=date(2026, 1, 1))
    period = project.periods.create(label=STEP, starts=date(2026, 1, 1), ends=date(2026, 1, 2), due=date(2026, 1, 3))
    project.claims.create(period=period, organisation=house, claimed=Decimal(5), controller=RISK)
    project.efforts.create(month=date(2026, 1, 1), post=RISK, hours=Decimal(1))


def _note_everywhere() -> None:
    """The office's note on every record there is."""
    for model in record_models().values():
        model._default_manager.update(note=NOTE)


def _one_of_each(records: list[Record]) -> list[Record]:
    """Of each kind one of each visibility: an address is the same for all of a kind."""
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


@pytest.fixture(autouse=True)
def no_word_of_each_refusal() -> Iterator[None]:
    """Thousands of addresses are not there, as they should be: each record of it would be kept to the test's end."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def asking(client: Client) -> Client:
    """A page that breaks is an answer too: which one is said at the end, of all that break."""
    client.raise_request_exception = False
    return client


def shown(words: str, markers: Iterable[str]) -> list[str]:
    low = BETWEEN_DIGITS.sub("", words.lower())
    return [marker for marker in markers if marker.lower() in low]


# Where no kind of record has a page, so many of each kind were tried.
TRIED_OF_A_KIND = 3


def none_there(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """In place of a whole page that says there is none: of an officer's 12,000 it took half of the time."""
    return HttpResponse("none", status=404)


def by_kind(fillings: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Fillings that differ only in which record of a kind they name, together."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for number, filling in enumerate(fillings):
        of_it = sorted((name, str(value)) for name, value in filling.items() if name not in {"public_id", "slug"})
        kind = (str(filling["public_id"])[:4], *of_it) if "public_id" in filling else number
        found.setdefault(kind, []).append(filling)
    return list(found.values())


class OfficersWalk:
    """The addresses at which an officer is told any of the words, with these; what broke; and how many answered.

    Who sees everything is told everything: where an officer is told none of them, nobody can be.
    """

    def __init__(self, cast: Cast, hidden: Hidden) -> None:
        self._officer = asking(cast.client("officer"))
        self.heard: dict[str, set[str]] = {}
        self.broken: list[str] = []
        self.answered = 0
        for address in addresses():
            self._walk(address, by_kind(hidden.fillings(address)))

    def _walk(self, address: Address, kinds: list[list[dict[str, Any]]]) -> None:
        """Of each kind the first; the others where that has a page, or where nothing has: an event's page has none of
        the other thirty kinds, and asking for all of these took longer than all pages there are."""
        there = []
        for kind in kinds:
            statuses = self._ask(address, kind[0])
            if 405 in statuses:
                return  # what is sent there is `test_nothing_changes`'s
            if statuses - {404}:
                there.append(kind)
        for kind in there or [kind[:TRIED_OF_A_KIND] for kind in kinds]:
            for filling in kind[1:]:
                self._ask(address, filling)

    def _ask(self, address: Address, filling: dict[str, Any]) -> set[int]:
        statuses = set()
        for path in bare_and_asked(address, filling):
            status, words = told(self._officer, path)
            statuses.add(status)
            self.answered += status not in {404, 405}
            if status >= 500:
                self.broken.append(path)
            elif markers := shown(words, (*MARKERS, UNCONFIRMED, *TO_INSIDERS)):
                self.heard[path] = set(markers)
        return statuses


@pytest.mark.slow
def test_nothing_hidden_is_said_anywhere(cast: Cast, hidden: Hidden) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module(settings.ROOT_URLCONF), "handler404", none_there, raising=False)
        walk = OfficersWalk(cast, hidden)
    heard = walk.heard
    assert walk.broken == []
    assert walk.answered > 250
    # So that what follows could fail: each of the words is at one of these very addresses; a remark on a
    # partner is said where a question is asked.
    assert {*MARKERS, UNCONFIRMED, *TO_INSIDERS} - set().union(*heard.values()) == {REMARK}
    clients = {who: cast.client(who) for who in OTHERS}
    _token, written = make_token(cast.outsider, "x", "write", timezone.localdate() + timedelta(days=9))
    clients["outsider's program"] = Client(headers={"Authorization": f"Bearer {written}"})
    clients["insider"] = cast.client("insider")
    leaks, inside = [], dict[str, tuple[int, set[str]]]()
    for who, client in clients.items():
        for path in heard:
            if who.endswith("program") and not path.startswith("/api/"):
                continue
            status, words = told(asking(client), path)
            is_inside = who == "insider" and not HANDED_ON.search(path)
            markers = MARKERS + ((UNCONFIRMED,) if HANDED_ON.search(path) else ())
            if is_inside:
                inside[path] = status, set(shown(words, TO_INSIDERS))
            else:
                markers += TO_INSIDERS
            if status >= 500 or shown(words, markers):
                leaks.append((who, path, status, shown(words, markers)))
    assert leaks == []
    # Where an officer is told of the network's own, its members are too.
    missed = {path: status for path, (status, told) in inside.items() if heard[path] & set(TO_INSIDERS) - told}
    left = {path: status for path, status in missed.items() if not PEOPLES_OR_OWN.search(path)}
    refused = {302, 403, 404}  # who may see it and not write it is sent to its page
    assert [path for path, status in left.items() if status not in refused or not FOR_WHO_WRITES.search(path)] == []
    assert set().union(*(told for _status, told in inside.values())) == set(TO_INSIDERS)
    assert sum(NETWORKS_OWN in told for _status, told in inside.values()) > 150


def test_the_records_named_above_are_there(cast: Cast, hidden: Hidden) -> None:
    assert {type(one) for one in hidden.records} >= {Organisation, Person, Post, Need, Meeting, Commitment, Document}
