"""Sending an issue: when, to whom, how fast; each subscriber once, whatever happens to the worker on the way.

A hand-over is *claimed* in the database before it begins, in a transaction of its own, and *settled* after it. Whoever
dies in between leaves it claimed; whether the mail went, nobody knows: it is listed as *in doubt* for a person to
decide, and never goes again by itself. A process has one in hand at a time, so that there is one such for each kill and
each cut connection at most. All others wait in the queue and are sent by whichever worker comes next.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from sympolis.office.core.jobs.aside import is_stopping
from sympolis.office.core.models import User
from sympolis.office.publishing.newsletter.doors import Answer, Door, DoorShut, Said, the_door
from sympolis.office.publishing.newsletter.editing import locked_draft
from sympolis.office.publishing.newsletter.enums import DeliveryState, IssueState, SubscriberState
from sympolis.office.publishing.newsletter.errors import NobodyThere, NothingInIt, NoTitle, NotLater, TooLarge, TooLate
from sympolis.office.publishing.newsletter.letters import LARGEST, Renderer, addressed, blocks_in, largest, render
from sympolis.office.publishing.newsletter.models import Delivery, Issue, MailPace, Subscriber
from sympolis.office.publishing.newsletter.subscribing import found_failing, found_gone

logger = logging.getLogger(__name__)

QUEUED_AT_ONCE = 5_000
MOST_TRIES, FIRST_WAIT = 6, timedelta(minutes=10)  # then 20, 40, 80, 160 minutes
CLAIM_HOLDS = timedelta(minutes=20)  # of a process on another machine: nothing takes longer than a door's patience
CATCH_UP = timedelta(seconds=1)  # how far behind its pace sending may be and still make up for it

RUN_S = 60.0  # after so long what else is due is looked at, then sending goes on

# Claims of senders that are at work in this process: numbers of processes come again, these don't.
_at_work: set[str] = set()


def schedule(issue: Issue, at: datetime, address: str) -> None:
    """Have it sent from a moment on. Its words stay as they are from now on; until then it can be taken back.

    Who subscribes until then gets it: for later it may be scheduled before anybody has. Raises LetterRefused.
    """
    now = timezone.now()
    if at < now - timedelta(minutes=5):
        raise NotLater
    with transaction.atomic():
        found = locked_draft(issue)
        found.address, found.scheduled_for = address.rstrip("/"), at
        _check(found)
        if at <= now and not is_anybody_there():
            raise NobodyThere
        found.state, found.trouble = IssueState.SCHEDULED, ""
        found.save()


def _check(issue: Issue) -> None:
    """What keeps an issue from going out. Raises LetterRefused."""
    if any(not issue.title.get_text(language) for language in issue.languages) or not issue.languages:
        raise NoTitle
    if not issue.opening and not blocks_in(issue):
        raise NothingInIt
    if largest(issue) > LARGEST:
        raise TooLarge


def is_anybody_there() -> bool:
    return Subscriber.objects.filter(state=SubscriberState.SUBSCRIBED).exists()


@transaction.atomic
def stop(issue: Issue) -> None:
    """Not yet sent: it is a draft again. On its way: what waits stays where it is until it goes on."""
    found = Issue.objects.select_for_update().get(pk=issue.pk)
    if found.state == IssueState.SCHEDULED:
        found.state, found.scheduled_for = IssueState.DRAFT, None
    elif found.state == IssueState.SENDING:
        found.state = IssueState.STOPPED
    else:
        raise TooLate
    found.save()


def go_on(issue: Issue) -> None:
    """Send the rest of one that was stopped."""
    with transaction.atomic():
        found = Issue.objects.select_for_update().get(pk=issue.pk)
        if found.state != IssueState.STOPPED:
            raise TooLate
        found.state, found.trouble = IssueState.SENDING, ""
        found.save()


def send_test(issue: Issue, language: str, to: User, address: str) -> None:
    """The mail as it is now, to oneself alone; its links lead to what a subscriber would get, and leave nobody."""
    mine = Subscriber(pk=0, email=to.email, language=language)
    issue.address = address.rstrip("/")
    mail = addressed(render(issue, blocks_in(issue), language, issue.address), issue, mine, language)
    mail.extra_headers = {"Auto-Submitted": "auto-generated"}
    mail.subject = f"[test] {mail.subject}"
    mail.send()


def send_due() -> None:
    """What the worker does every minute, beside everything else: queue what is due, hand over what waits."""
    is_more = True
    while is_more and not is_stopping():
        for issue in Issue.objects.filter(state=IssueState.SCHEDULED, scheduled_for__lte=timezone.now()):
            begin(issue)
        for issue in Issue.objects.filter(state=IssueState.SENDING, queued_at=None):
            queue(issue)
        doubt_what_was_lost()
        is_more = Sender().run()
        finish_sent()


def begin(issue: Issue) -> bool:
    """From now on it is on its way; whether it was this call that made it so."""
    waiting = Issue.objects.filter(pk=issue.pk, state=IssueState.SCHEDULED)
    return bool(waiting.update(state=IssueState.SENDING, updated_at=timezone.now()))


def queue(issue: Issue) -> int:
    """A hand-over for everybody who is subscribed, some thousands in a transaction; cut short, it goes on from there.

    How far it came is kept with what was queued. Two workers at once can't queue anybody twice: the table has one row
    for an issue and a subscriber.
    """
    count = 0
    while not is_stopping():
        with transaction.atomic():
            held = Issue.objects.select_for_update().get(pk=issue.pk)
            if held.state != IssueState.SENDING or held.queued_at is not None:
                return count
            fresh = Subscriber.objects.filter(state=SubscriberState.SUBSCRIBED, pk__gt=held.queued_to).order_by("pk")
            keys = list(fresh.values_list("pk", flat=True)[:QUEUED_AT_ONCE])
            now = timezone.now()
            Delivery.objects.bulk_create(
                (Delivery(issue_id=held.pk, subscriber_id=key, due_at=now) for key in keys), ignore_conflicts=True
            )
            count += len(keys)
            more = {"queued_to": keys[-1]} if keys else {"queued_at": now}
            Issue.objects.filter(pk=held.pk).update(**more)
    return count


def doubt_what_was_lost() -> int:
    """Hand-overs whose process is gone: whether those mails went, nobody knows. How many."""
    claimed = Delivery.objects.filter(state=DeliveryState.CLAIMED)
    lost = [
        pk
        for pk, claim, at in claimed.values_list("pk", "claim", "claimed_at")
        if is_lost(claim, at or timezone.now(), timezone.now())
    ]
    words = "The worker ended while it handed this over."
    return claimed.filter(pk__in=lost).update(state=DeliveryState.DOUBT, said=words, done_at=timezone.now())


def is_lost(claim: str, at: datetime, now: datetime) -> bool:
    """Whether whoever claimed it can't be at it any more."""
    if claim in _at_work:
        return False
    host, _colon, rest = claim.partition(":")
    number = rest.partition(":")[0]
    if at < now - CLAIM_HOLDS:
        return True
    if host != socket.gethostname() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True  # our number, and no sender of ours is at it
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def finish_sent() -> None:
    """Issues of which nothing waits any more are sent; what is in doubt does not hold them up."""
    under_way = Q(deliveries__state__in=[DeliveryState.QUEUED, DeliveryState.CLAIMED])
    done = Issue.objects.filter(state=IssueState.SENDING).exclude(queued_at=None).exclude(under_way)
    for issue in done:
        ended = issue.deliveries.aggregate(at=Max("done_at"))["at"] or timezone.now()
        Issue.objects.filter(pk=issue.pk, state=IssueState.SENDING).update(
            state=IssueState.SENT, sent_at=ended, trouble="", updated_at=timezone.now()
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may go before so many seconds have passed."""

    seconds: float


class Sender:
    """Hands over what waits, one mail at a time, at the pace set."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._renderer = Renderer()
        self._issues: dict[int, Issue] = {}
        self._claims_as = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"

    def run(self) -> bool:
        """Until nothing is due, the door is shut or the time is up; whether it was the last of these."""
        if not due_now().exists():
            return False
        _at_work.add(self._claims_as)
        door = the_door()
        try:
            return self._run(door)
        except DoorShut as shut:
            logger.warning("the newsletter waits: %s", shut)
            Issue.objects.filter(state=IssueState.SENDING).update(trouble=str(shut)[:500])
            return False
        finally:
            door.close()
            _at_work.discard(self._claims_as)

    def _run(self, door: Door) -> bool:
        """The door is open before anything is claimed. Servers end a connection after some mails: a new one is tried
        then, and only one that takes nothing at all counts as shut."""
        until, given = time.monotonic() + RUN_S, 0
        while not is_stopping():
            if time.monotonic() > until:
                return True
            if door.open():
                given = 0
            claimed = self._claim()
            if claimed is None:
                break
            if isinstance(claimed, Wait):
                self._sleep(min(claimed.seconds, 1))
                continue
            said = self._hand_over(claimed, door)
            if said is None:
                continue
            if said.answer in {Answer.DOOR_SHUT, Answer.NOBODY_KNOWS}:
                door.close()
                if given == 0:
                    self._give_up(claimed.issue_id, said)
            else:
                given += 1
        Issue.objects.filter(pk__in=list(self._issues)).exclude(trouble="").update(trouble="")
        return False

    def _give_up(self, issue_pk: int, said: Said) -> None:
        """A server that takes mails and answers none would leave everybody in doubt, one after another: a person looks
        at it first. One that takes nothing is tried again in a minute."""
        if said.answer is Answer.NOBODY_KNOWS:
            sending = Issue.objects.filter(pk=issue_pk, state=IssueState.SENDING)
            sending.update(state=IssueState.STOPPED, trouble=said.words[:500])
        raise DoorShut(said.words)

    def _claim(self) -> Delivery | Wait | None:
        """The next hand-over, ours from now on; or how long none may go; None where none is due."""
        now = timezone.now()
        with transaction.atomic():
            pace = MailPace.objects.select_for_update().get_or_create(pk=1, defaults={"next_at": now})[0]
            if pace.next_at > now:
                return Wait((pace.next_at - now).total_seconds()) if due_now().exists() else None
            found = due_now().order_by("due_at", "pk").select_related("subscriber").first()
            if found is None:
                return None
            rate = self._issue(found.issue_id).rate
            step = timedelta(minutes=1) / max(rate, 1)
            MailPace.objects.filter(pk=1).update(next_at=max(pace.next_at, now - CATCH_UP) + step)
            found.state, found.claim, found.claimed_at = DeliveryState.CLAIMED, self._claims_as, now
            found.tries += 1
            found.save(update_fields=["state", "claim", "claimed_at", "tries"])
        return found

    def _issue(self, pk: int) -> Issue:
        """Its words don't change once it is scheduled: asked for once a run."""
        if pk not in self._issues:
            self._issues[pk] = Issue.objects.get(pk=pk)
        return self._issues[pk]

    def _hand_over(self, delivery: Delivery, door: Door) -> Said | None:
        """Give it to the server and write down what it said; None where nothing was given."""
        one = delivery.subscriber
        try:
            mail = self._mail(delivery) if one and one.state == SubscriberState.SUBSCRIBED else None
        except Exception as error:  # whatever is wrong with one mail keeps no other from going
            logger.exception("the mail of delivery %s can't be written", delivery.pk)
            write_down(delivery, one, Said(Answer.NOT_NOW, f"{type(error).__name__}: {error}"))
            return None
        if one is None or mail is None:
            _settle(delivery, DeliveryState.SKIPPED, "")
            return None
        said = door.hand_over(mail)
        write_down(delivery, one, said)
        return said

    def _mail(self, delivery: Delivery) -> EmailMultiAlternatives | None:
        assert delivery.subscriber is not None
        return self._renderer.mail_to(self._issue(delivery.issue_id), delivery.subscriber)


def due_now() -> QuerySet[Delivery]:
    """What waits of issues on their way and may be tried now."""
    under_way = list(Issue.objects.filter(state=IssueState.SENDING).values_list("pk", flat=True))
    return Delivery.objects.filter(issue__in=under_way, state=DeliveryState.QUEUED, due_at__lte=timezone.now())


def write_down(delivery: Delivery, one: Subscriber | None, said: Said) -> None:
    """What the server said, with what follows for the subscriber."""
    match said.answer:
        case Answer.TAKEN:
            _settle(delivery, DeliveryState.SENT, said.words)
        case Answer.NOBODY_KNOWS:
            _settle(delivery, DeliveryState.DOUBT, said.words)
        case Answer.NO_SUCH_MAILBOX:
            _settle(delivery, DeliveryState.BOUNCED, said.words)
            if one:
                found_gone(one, said.words)
        case Answer.READER_REFUSED:
            _settle(delivery, DeliveryState.REFUSED, said.words)
            if one:
                found_failing(one, said.words)
        case Answer.MAIL_REFUSED:
            _settle(delivery, DeliveryState.REFUSED, said.words)
        case Answer.DOOR_SHUT:
            _again(delivery, said.words, timezone.now(), counts=False)
        case Answer.NOT_NOW if delivery.tries >= MOST_TRIES:
            _settle(delivery, DeliveryState.REFUSED, said.words)
            if one:
                found_failing(one, said.words)
        case Answer.NOT_NOW:
            _again(delivery, said.words, timezone.now() + FIRST_WAIT * 2 ** (delivery.tries - 1), counts=True)


def _settle(delivery: Delivery, state: DeliveryState, words: str) -> None:
    """Ours alone to settle, even where somebody took us for dead and listed it as in doubt meanwhile."""
    ours = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)
    ours.filter(state__in=[DeliveryState.CLAIMED, DeliveryState.DOUBT]).update(
        state=state, said=words[:500], done_at=timezone.now()
    )


def _again(delivery: Delivery, words: str, at: datetime, *, counts: bool) -> None:
    tries = delivery.tries if counts else delivery.tries - 1
    ours = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=DeliveryState.CLAIMED)
    ours.update(state=DeliveryState.QUEUED, claim="", claimed_at=None, due_at=at, tries=tries, said=words[:500])


def decide(delivery: Delivery, by: User, *, went: bool) -> None:
    """What a person says of one in doubt: it went, or it is to be sent again."""
    doubted = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DOUBT)
    if went:
        if not doubted.update(state=DeliveryState.SENT, decided_by=by, done_at=timezone.now()):
            raise TooLate
        return
    with transaction.atomic():
        now = timezone.now()
        if not doubted.update(state=DeliveryState.QUEUED, claim="", claimed_at=None, due_at=now, decided_by=by):
            raise TooLate
        Issue.objects.filter(pk=delivery.issue_id, state=IssueState.SENT).update(state=IssueState.SENDING)
