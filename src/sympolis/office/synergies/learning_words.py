"""What was learnt, in words of the reader's language: a sentence or three, and a row for each feature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.learning import Learnt
from sympolis.office.synergies.brief.wording import Many, Said, plain, written
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import Learning

FEATURES: dict[str, Promise] = {
    "circle": _("the same wider circle of partners"),
    "chains": _("partners that work together"),
    "common-partners": _("partners in common"),
    "countries-tied": _("countries that often work together"),
    "around-tied": _("partners of bodies around in the other's country"),
    "first-there": _("no partner yet in the other's country"),
    "partner-beside": _("partners near the other"),
    "near": _("being near"),
    "neighbours-ties": _("neighbours that are partners"),
    "similar-size": _("a similar size"),
    "same-name": _("the same name"),
    "same-kind": _("the same kind"),
    "shared-language": _("a shared language"),
    "shared-themes": _("shared themes"),
    "text": _("texts about similar things"),
    "themes": _("shared themes"),
    "stage": _("stages that go together"),
    "sdgs": _("shared goals"),
    "partners": _("partners in common"),
    "programme": _("the same programme"),
    "place": _("work in the same countries"),
    "search": _("being found by the search"),
    "size": _("a similar size"),
    "coast": _("a similar distance to the sea"),
    "density": _("a similar density"),
    "income": _("a similar income"),
    "climate": _("a similar climate"),
    "latitude": _("a similar latitude"),
    "kind": _("the same kind"),
    "countries": _("countries that are close"),
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

    @property
    def is_telling(self) -> bool:
        """Whether it has moved so far that the sentence may name it."""
        return abs(self.now - self.shipped) >= _TELLING * self.shipped


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
        yield str(_("Learning is switched off: the order is as shipped."))
    elif not learnt.answers:
        yield str(_("Nothing has been learnt yet: the order is as shipped. Yes and no to suggestions will teach it."))
    elif not learnt.is_used:
        yield _said(_LOOKED_AT, learnt.answers)
    else:
        yield _said(_LEARNT_FROM, learnt.answers)
        moved = _moved(learnt)
        for message, names in (
            (_("Counts more: %(names)s."), [name for name, by in moved if by > 0][:_NAMED]),
            (_("Counts less: %(names)s."), [name for name, by in moved if by < 0][:_NAMED]),
        ):
            if names:
                yield _in_words(Said(message, {"names": Many(tuple(FEATURES[name] for name in names))}))
        if not moved:
            yield str(_("The order has hardly changed."))


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
