"""What was learnt, in words of the reader's language: a sentence or three, and a row for each feature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sympolis.engine.match.learning import Learnt
from sympolis.office.synergies.brief.wording import Many, Said, plain, written
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import Learning

FEATURES: dict[str, Promise] = {
    "circle": _lazy("the same wider circle of partners"),
    "chains": _lazy("partners that work together"),
    "common-partners": _lazy("partners in common"),
    "countries-tied": _lazy("countries that often work together"),
    "near": _lazy("being near"),
    "neighbours-ties": _lazy("neighbours that are partners"),
    "similar-size": _lazy("a similar size"),
    "same-name": _lazy("the same name"),
    "same-kind": _lazy("the same kind"),
    "shared-language": _lazy("a shared language"),
    "shared-themes": _lazy("shared themes"),
    "text": _lazy("texts about similar things"),
    "themes": _lazy("shared themes"),
    "stage": _lazy("stages that go together"),
    "sdgs": _lazy("shared goals"),
    "partners": _lazy("partners in common"),
    "programme": _lazy("the same programme"),
    "place": _lazy("work in the same countries"),
}
"""What is compared, as it stands in a list."""

_NAMED = 3
_TELLING = 0.05  # of its weight: what moved by less is not named


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """One feature: what it weighed as shipped and weighs now, out of 100, and how often it spoke for a yes and a no."""

    name: str
    shipped: float
    now: float
    spoke_for: int
    spoke_against: int


def learnt_in_words(learning: Learning, subject: Subject) -> str:
    """What the answers on one subject have taught, in whole sentences."""
    return " ".join(_sentences(learning, subject))


def feature_rows(learnt: Learnt) -> list[FeatureRow]:
    """The features, the weightiest as shipped first."""
    now = learnt.now
    return [
        FeatureRow(
            str(FEATURES[name]),
            round(100 * weight, 1),
            round(100 * now[name], 1),
            learnt.spoke_for[name],
            learnt.spoke_against[name],
        )
        for name, weight in sorted(learnt.shipped.items(), key=lambda entry: -entry[1])
    ]


def _sentences(learning: Learning, subject: Subject) -> Iterator[str]:
    learnt = learning.learnt[subject]
    if not learning.is_on:
        yield _("Learning is switched off: the order is as shipped.")
    elif not learnt.answers:
        yield _("Nothing has been learnt yet: the order is as shipped. Yes and no to suggestions will teach it.")
    elif not learnt.is_used:
        yield _said(_LOOKED_AT, learnt.answers)
    else:
        yield _said(_LEARNT_FROM, learnt.answers)
        moved = _moved(learnt)
        for message, names in (
            (_lazy("Counts more: %(names)s."), [name for name, by in moved if by > 0][:_NAMED]),
            (_lazy("Counts less: %(names)s."), [name for name, by in moved if by < 0][:_NAMED]),
        ):
            if names:
                yield _in_words(Said(message, {"names": Many(tuple(FEATURES[name] for name in names))}))
        if not moved:
            yield _("The order has hardly changed.")


_LOOKED_AT = ngettext_lazy(
    "%(count)d answer of this office was looked at; the order is as shipped, for it would be no better.",
    "%(count)d answers of this office were looked at; the order is as shipped, for it would be no better.",
    "count",
)
_LEARNT_FROM = ngettext_lazy(
    "%(count)d answer of this office has been learnt from.",
    "%(count)d answers of this office have been learnt from.",
    "count",
)


def _said(message: Promise, count: int) -> str:
    return _in_words(Said(message, {"count": count}))


def _in_words(said: Said) -> str:
    return plain(written(said, get_language() or "en"))


def _moved(learnt: Learnt) -> list[tuple[str, float]]:
    """Features whose share of the weights has changed to be noticed, by how much, the most first."""
    now = learnt.now
    moved = [(name, now[name] - weight) for name, weight in learnt.shipped.items()]
    telling = [(name, by) for name, by in moved if abs(by) >= _TELLING * learnt.shipped[name]]
    return sorted(telling, key=lambda entry: -abs(entry[1]))
