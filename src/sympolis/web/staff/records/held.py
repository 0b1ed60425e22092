"""The list of people asked by time or house: a row for each post that answers, and not for the one held now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sympolis.office.core.form_fields import PartialDateField
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Person
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.posts import Held, all_posts
from sympolis.office.directory.queries import visible_people, visible_posts
from sympolis.web.staff.records.columns import post_asked, with_organisation

HOLDS = {
    Holds.YES: pgettext_lazy("post", "held then"),
    Holds.PERHAPS: pgettext_lazy("post", "perhaps held then: its dates are not all known"),
}


@dataclass(frozen=True, slots=True)
class HeldThen:
    """A post, whose it is, and in words whether it was surely held then; empty where no time was asked for."""

    person: Person
    post: Held
    holds: Any

    @property
    def called(self) -> Any:
        """The person by name; of whom there is none, by the post."""
        return self.person.name or self.post.post


@dataclass(frozen=True, slots=True)
class PostsAsked:
    """Posts at houses called so, at a time, or both."""

    houses: Sequence[str]
    moment: Moment | None
    reader: Reader

    def rows_of(self, people: Iterable[Person]) -> Iterator[HeldThen]:
        """The posts of some people that answer, in the order of these people, the one that stands with each first:
        two questions, and one for houses where these are not the reader's to see."""
        some = list(people)
        asked, keys = post_asked(self.houses, self.moment, self.reader), [one.pk for one in some]
        own = set(visible_people(self.reader).filter(asked, pk__in=keys).values_list("pk", flat=True))
        others: dict[int, list[Held]] = {}
        posts = visible_posts(self.reader).filter(asked, person__in=keys).order_by("since_earliest", "pk")
        for post in with_organisation(posts, self.reader):
            others.setdefault(post.person_id, []).append(post)
        for one in some:
            held = [*([one] if one.pk in own else []), *others.get(one.pk, [])]
            yield from (HeldThen(one, post, holding(post, self.moment)) for post in held)


def holding(post: Held, moment: Moment | None) -> Any:
    """In words whether a post was held then; empty where it was not, or no time is asked for."""
    return HOLDS.get(moment.holds(post.since, post.until), "") if moment else ""


def posts_then(person: Person, moment: Moment | None) -> list[tuple[Held, Any]]:
    """Every post of a person, each with whether it was held then."""
    return [(post, holding(post, moment)) for post in all_posts(person)]


class AsOfForm(forms.Form):
    """The time a page is asked about."""

    on = PartialDateField(label=_("As of"))

    def moment(self) -> Moment | None:
        """None where nothing was asked, or nothing that is a time."""
        when = self.cleaned_data.get("on") if self.is_valid() else None
        return Moment.asked(when, timezone.localdate()) if when else None
