"""Who holds which posts at a time: the one that stands with the person, and the others written down besides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sympolis.office.directory.models import Person, Post
from sympolis.office.directory.moments import Holds, Moment

type Held = Person | Post
"""A row that says what post somebody holds: where, in which department, called what, from when to when."""


def all_posts(person: Person) -> list[Held]:
    """Every post of a person: what is held first, the one that stands with the person before others; the latest of the
    earlier ones next."""
    return sorted([person, *person.posts.all()], key=_held_first)


def _held_first(post: Held) -> tuple[bool, bool, int]:
    begun = post.since.latest or post.until.earliest
    return (bool(post.until), not isinstance(post, Person), -(begun.toordinal() if begun else 0))


def posts_at(person: Person, moment: Moment) -> Iterator[Held]:
    """The posts that a person holds then, as far as known: without those that surely began later or were over."""
    return (post for post in all_posts(person) if moment.holds(post.since, post.until) is not Holds.NO)


def may_be_named(person: Person, on: date) -> bool:
    """Whether what lets the office keep this person's data has not run out: else nobody is proposed to be asked."""
    return not (person.basis_until.latest and person.basis_until.latest < on)
