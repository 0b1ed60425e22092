"""Whether what is said of two entries is in them: each value a reason shows, and each word on where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympolis.engine.match import DETAILS
from sympolis.engine.model import Feature, Item, ItemKind, Stage
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.themes import concepts

type Is = Callable[[Item], bool]

CODES = {concept.code for concept in concepts("theme")}


def unbacked(features: tuple[Feature, ...], left: Item, right: Item) -> list[str]:
    """What the reasons of a pair say that the two entries don't; every value of every reason is looked at."""
    return [f"{one.name} {one.detail}: {what}" for one in features for what in _faults(one, left, right)]


def _faults(feature: Feature, left: Item, right: Item) -> Iterator[str]:
    if feature.detail not in DETAILS:
        yield "no such message"
    if not 0 < feature.score <= 1:
        yield f"score {feature.score}"
    known = _VALUES.get(feature.name.partition("-")[0])
    if known is None:
        yield "nobody knows how to look whether this is so"
        return
    for name, value in feature.values.items():
        if name not in known:
            yield f"nobody knows where {name} stands"
        elif not known[name](value, left, right):
            yield f"{name} {value!r}"
    if feature.name == "stage" and not STANDS[feature.detail](left, right):
        yield f"{left.kind} {left.stage}, {right.kind} {right.stage}"


def plain(text: str) -> str:
    """As the program quotes: single spaces."""
    return " ".join(text.split())


def is_quoted(passage: str, item: Item) -> bool:
    """The title, or its end, then words of the text one after the other; nothing else, and never of another entry."""
    texts = [plain(text) for text in item.text.values()]
    titles = [plain(title) for title in item.title.values()]
    said = plain(passage)
    return any(said in whole for whole in (*texts, *titles)) or any(
        said.startswith(f"{title.strip('. ')}. ") and said.removeprefix(f"{title.strip('. ')}. ").strip(". ") in text
        for title in titles
        for text in texts
    )


def _is_named(name: str, item: Item) -> bool:
    return any(plain(name) in plain(text) for text in (*item.title.values(), *item.text.values()))


def _shared(field: str) -> Callable[[object, Item, Item], bool]:
    """All that is shared, and nothing else."""

    def check(value: object, left: Item, right: Item) -> bool:
        return value == sorted(set(getattr(left, field)) & set(getattr(right, field))) and bool(value)

    return check


def _declared(value: object, left: Item, right: Item) -> bool:
    return value == sorted(set(left.themes) & set(right.themes))


_TITLES = {
    "left": lambda value, left, right: _is_named(value, left),
    "right": lambda value, left, right: _is_named(value, right),
}
_VALUES: dict[str, dict[str, Callable[..., bool]]] = {
    "text": {
        **_TITLES,
        "encoder": lambda value, left, right: value in ("fast", "careful"),
        "left_passage": lambda value, left, right: is_quoted(value, left),
        "right_passage": lambda value, left, right: is_quoted(value, right),
        "phrases": lambda value, left, right: set(value) <= set(subject_texts()),
    },
    # Themes are read out of the texts as well; those that were written down are told apart.
    "themes": {"themes": lambda value, left, right: set(value) <= CODES, "declared": _declared},
    "stage": {
        "left": lambda value, left, right: value == left.stage,
        "right": lambda value, left, right: value == right.stage,
    },
    "sdgs": {"sdgs": _shared("sdgs")},
    "partners": {"partners": _shared("partner_ids")},
    "programme": {"programme": lambda value, left, right: value == left.programme == right.programme != ""},
    "place": {"countries": _shared("countries")},
}


def _is(*stages: Stage) -> Is:
    return lambda item: item.kind is ItemKind.PROJECT and item.stage in stages


_finished, _unknown = _is(Stage.FINISHED), _is(Stage.UNKNOWN)
_at_it = _is(Stage.ONGOING, Stage.PREPARING, Stage.IDEA)


def _offers(item: Item) -> bool:
    return item.kind is ItemKind.OFFER


def _wants(item: Item) -> bool:
    return item.kind in (ItemKind.NEED, ItemKind.PRIORITY)


def _one_and_other(one: Is, other: Is) -> Callable[[Item, Item], bool]:
    return lambda left, right: (one(left) and other(right)) or (one(right) and other(left))


STANDS: dict[str, Callable[[Item, Item], bool]] = {
    "one-has-what-the-other-wants": _one_and_other(lambda item: _offers(item) or _finished(item), _wants),
    "one-offers": _one_and_other(_offers, _at_it),
    "one-at-what-the-other-wants": _one_and_other(_at_it, _wants),
    "both-at-work": _one_and_other(_at_it, _at_it),
    "both-want": _one_and_other(_wants, _wants),
    "one-ahead": _one_and_other(_finished, _at_it),
    "stage-unknown": lambda left, right: _unknown(left) or _unknown(right),
}
"""What the message on where the two stand says, read as anybody would."""
