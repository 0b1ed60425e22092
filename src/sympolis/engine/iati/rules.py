"""The rulesets of the standard: JSON that says what must hold of activities and organisations.

Kinds of rules and their meaning: https://github.com/IATI/IATI-Rulesets, SPEC_JS. A rule that looks at a value that is
not there, or at a date that is none, holds: that is the schema's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from lxml import etree

from .problems import Problems, Severity
from .standard import TOLD, Edition, StandardMissing
from .stream import line_of

_XML = {"xml": "http://www.w3.org/XML/1998/namespace"}
_FIRST_STEP = re.compile(r"(@?)([A-Za-z][\w:-]*)(?![\w:(-])")
_CHILD_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)/@([A-Za-z][\w-]*)")
_MOST_DAYS = 365
_NOT_A_NUMBER = float("nan")
_PREFIXES = "ORG-ID-PREFIX"
_AGENCIES = "OrganisationRegistrationAgency"

type Breach = tuple[Any, str]
"""Where (an element) and what was found there."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value that a path led to, and the element it stands in or is."""

    value: str
    element: Any


class Path:
    """An XPath of a ruleset, relative to its context; asked only where its first step is there."""

    def __init__(self, written: str) -> None:
        try:
            self._xpath = etree.XPath(written, namespaces=_XML)
        except etree.XPathError as error:
            raise StandardMissing(f"The ruleset holds what is no XPath: {written}.", "Get it again.") from error
        step = _FIRST_STEP.match(written)
        self._attribute = step[2] if step and step[1] and step.end() == len(written) and ":" not in step[2] else ""
        plain = step and not step[1] and "|" not in written and "::" not in written
        self._child = step[2] if step and plain else ""
        simple = _CHILD_ATTRIBUTE.fullmatch(written)
        self._childs_attribute = simple[2] if simple else ""
        self._counted = _counted(written)

    def evaluate(self, element: Any) -> Any:
        """Whatever the XPath gives: a truth, a number, a text, or a list of elements, texts and attributes."""
        try:
            return self._xpath(element)
        except etree.XPathError as error:
            raise StandardMissing(
                f"The ruleset holds what is no XPath: {self._xpath.path}.", "Get it again."
            ) from error

    def truth(self, context: Context) -> Any:
        """What it gives as a condition; where it counts what is not there, nothing is asked."""
        if self._counted and self._counted not in context.children:
            return False
        return self.evaluate(context.element)

    def elements(self, context: Context) -> list[Any]:
        """The elements a context of rules leads to."""
        if self._child and self._child not in context.children:
            return []
        return list(self.evaluate(context.element))

    def found(self, context: Context) -> list[Found]:
        """The values it leads to."""
        element = context.element
        if self._attribute:
            value = element.get(self._attribute)
            return [] if value is None else [Found(value, element)]
        if self._child and self._child not in context.children:
            return []
        if self._childs_attribute:
            children = context.children[self._child]
            return [Found(value, one) for one in children if (value := one.get(self._childs_attribute)) is not None]
        return [_found(one, element) for one in self.evaluate(element)]


def _counted(written: str) -> str:
    """The children without which a condition like ``count(sector[...]) > 1 and ...`` can't hold; empty if it may."""
    bare = re.sub(r"\[[^\]]*\]", "", written)
    names = set(re.findall(r"count\(([a-z-]+)", bare))
    falls = re.match(r"count\([a-z/@-]+\)( \+ count\([a-z/@-]+\))* (> \d|= [1-9])( and |$)", bare)
    return names.pop() if falls and len(names) == 1 and " or " not in bare else ""


class Context:
    """An element that rules are asked of, and its children by name."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self.children: dict[str, list[Any]] = {}
        for child in element:
            self.children.setdefault(child.tag, []).append(child)


def _found(one: Any, element: Any) -> Found:
    if isinstance(one, str):
        parent = one.getparent() if hasattr(one, "getparent") else None
        return Found(str(one), element if parent is None else parent)
    return Found("".join(one.itertext()) if len(one) else one.text or "", one)


class RuleCheck:
    """The ruleset of a version, ready to be asked of one child of the root after the other."""

    def __init__(self, edition: Edition, root: str, today: date) -> None:
        self._now = datetime.combine(today, time.max, UTC)
        self._prefixes = _agencies(edition)
        self._contexts: list[tuple[Path, list[_Case]]] = []
        for written, rules in edition.ruleset.items():
            relative = [told for one in written.split(" | ") if (told := _relative(one, root))]
            if relative:
                self._contexts.append((Path(" | ".join(relative)), list(_cases(rules))))

    def look(self, piece: Any, problems: Problems) -> None:
        """Note the rules that an activity or organisation breaks."""
        whole = Context(piece)
        for path, cases in self._contexts:
            for element in path.elements(whole):
                context = whole if element is piece else Context(element)
                for case in cases:
                    self._ask(case, context, problems)

    def _ask(self, case: _Case, context: Context, problems: Problems) -> None:
        for bound in case.bound_in(context):
            if bound.condition is not None and not bound.condition.truth(context):
                continue
            for where, what in _KINDS[bound.kind](bound, context, self):
                severity = bound.severity
                problems.add(severity, bound.rule, line_of(where), f"{bound.message} {what}", _REMEDIES[bound.kind])

    @property
    def now(self) -> datetime:
        return self._now

    def is_prefix(self, identifier: str) -> bool:
        """It begins with the code of an agency that registers organisations, such as ``GB-COH``."""
        return not self._prefixes or "-".join(identifier.split("-")[:2]) in self._prefixes


def _agencies(edition: Edition) -> frozenset[str]:
    try:
        return edition.codes(_AGENCIES)
    except StandardMissing:  # no rule can be asked of it then
        return frozenset()


def _relative(written: str, root: str) -> str:
    """A context of a ruleset seen from the activity or organisation; empty where it is of the other kind of file."""
    written = written.strip()
    for start in (f"/{root}/{TOLD[root]}", f"//{TOLD[root]}"):
        if written == start:
            return "self::*"
        if written.startswith((f"{start}/", f"{start}[")):
            return f"self::*{written.removeprefix(start)}" if written[len(start)] == "[" else written[len(start) + 1 :]
    known = [f"/{other}/" for other in TOLD] + [f"//{told}" for told in TOLD.values()]
    if written.startswith(tuple(known)) or not written.startswith("//"):
        return ""
    return f"descendant-or-self::{written.removeprefix('//')}"


class _Case:
    """One case of a rule: what is asked, and how it is told. In a loop it is bound to each value in turn."""

    def __init__(self, kind: str, case: Mapping[str, Any], loop: Mapping[str, Any] | None = None) -> None:
        self.kind = kind
        self.case = case
        info = case.get("ruleInfo", {})
        self.rule = str(info.get("id", kind))
        self.severity = _severity(info.get("severity"))
        self.message = str(info.get("message") or "A rule of the standard is broken.").strip()
        self._loop = loop
        self._each = Path(loop["foreach"]) if loop else None
        if loop is None:
            self.condition = _path(case.get("condition"))
            self.paths = tuple(Path(one) for one in _listed(case.get("paths")))
            self.named = {
                name: Path(case[name])
                for name in ("if", "then", "one", "less", "more", "date", "start", "end", "eval")
                if isinstance(case.get(name), str) and case[name] != "NOW"
            }
            self.prefixes = tuple(Path(one) for one in _listed(case.get("prefix")) if one != _PREFIXES)
            self.excluded = tuple(Path(one) for one in _listed(case.get("excluded")))

    def bound_in(self, context: Context) -> Iterator[_Case]:
        if self._each is None or self._loop is None:
            yield self
            return
        for value in dict.fromkeys(found.value for found in self._each.found(context)):
            if "'" not in value:  # it would end the text it is put into
                yield self._bound(value)

    @lru_cache(maxsize=200)  # noqa: B019 (cases live as long as the ruleset)
    def _bound(self, value: str) -> _Case:
        replaced = {name: _put(self.case[name], value) for name in (self._loop or {})["subs"] if name in self.case}
        return _Case(self.kind, {**self.case, **replaced})

    def found(self, context: Context) -> list[Found]:
        return [found for path in self.paths for found in path.found(context)]

    def truth(self, name: str, context: Context) -> Any:
        return self.named[name].truth(context) if name in self.named else True

    def moment(self, name: str, context: Context) -> tuple[datetime, Found] | None:
        """The first date a path leads to; None where there is none."""
        if name not in self.named:
            return None
        found = self.named[name].found(context)
        moment = _moment(found[0].value) if found else None
        return None if moment is None else (moment, found[0])


def _cases(rules: Mapping[str, Any]) -> Iterator[_Case]:
    for kind, told in rules.items():
        for case in told["cases"]:
            if kind == "loop":
                for inner, inner_told in case["do"].items():
                    yield from (_Case(inner, one, case) for one in inner_told["cases"] if inner in _KINDS)
            elif kind in _KINDS:
                yield _Case(kind, case)


def _put(told: Any, value: str) -> Any:
    return told.replace("$1", value) if isinstance(told, str) else [one.replace("$1", value) for one in told]


def _path(written: Any) -> Path | None:
    return Path(written) if isinstance(written, str) else None


def _listed(told: Any) -> Sequence[str]:
    return [told] if isinstance(told, str) else list(told or ())


def _severity(told: Any) -> Severity:
    return Severity(told) if told in set(Severity) else Severity.ERROR


def _moment(written: str) -> datetime | None:
    """A date, or a date and time, as an instant; a date is its midnight. None for what is none."""
    text = written.strip()
    try:
        if len(text) > len("2026-11-27") and text[10:11] in "Zz+-":  # a date with a time zone
            text = text[:10]
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(written: str) -> float:
    text = written.strip()
    try:
        return float(text) if text else 0.0
    except ValueError:
        return _NOT_A_NUMBER


# The kinds of rules: each gives where it is broken and what was found there.


def _no_more_than_one(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    found = case.found(context)
    if len(found) > 1:
        yield found[1].element, f"There are {len(found)}."


def _atleast_one(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    if not case.found(context):
        yield context.element, ""


def _only_one_of(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    count = len(case.found(context))
    if any(count != (0 if path.found(context) else 1) for path in case.excluded):
        yield context.element, f"There are {count}."


def _one_or_all(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    if case.named["one"].found(context):
        return
    missing = list(_without(str(case.case.get("all")), context.element))
    if missing:
        yield missing[0], f"{len(missing)} lack it, the first is <{missing[0].tag}>."


def _without(what: str, element: Any) -> Iterator[Any]:
    """The elements that lack what each must have."""
    if what == "lang":
        yield from (one for one in element.iter("narrative") if one.get(_LANG) is None)
    elif what == "currency":
        yield from (one for one in element.iter("value", "forecast", "loan-status") if one.get("currency") is None)
    else:
        names = what.split("|")
        yield from (one for one in element.findall("transaction") if all(one.find(name) is None for name in names))


_LANG = f"{{{_XML['xml']}}}lang"


def _dependent(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    there = [bool(path.found(context)) for path in case.paths]
    if any(there) and not all(there):
        yield context.element, "Some of what belongs together is not there."


def _sum(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    if case.found(context):
        yield from _strict_sum(case, context, check)


def _strict_sum(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    found = case.found(context)
    total = round(sum(_number(one.value) for one in found), 4)
    if total != float(case.case["sum"]):
        yield (found[0].element if found else context.element), f"The sum is {total:g}."


def _range(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    least, most = float(case.case.get("min", "-inf")), float(case.case.get("max", "inf"))
    for one in case.found(context):
        if not least <= _number(one.value) <= most:
            yield one.element, f"It is {_shown(one.value)}."


def _date_order(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    less, more = _either(case, "less", context, check), _either(case, "more", context, check)
    if less and more and less[0] > more[0]:
        where = less[1] or more[1]
        earlier, later = (_shown(told.value) if told else "today" for told in (less[1], more[1]))
        yield (where.element if where else context.element), f"{earlier} is later than {later}."


def _either(case: _Case, name: str, context: Context, check: RuleCheck) -> tuple[datetime, Found | None] | None:
    if case.case.get(name) == "NOW":
        return check.now, None
    return case.moment(name, context)


def _date_now(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    told = case.moment("date", context)
    if told and told[0] > check.now:
        yield told[1].element, f"It is {_shown(told[1].value)}."


def _time_limit(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    start, end = case.moment("start", context), case.moment("end", context)
    if start and end and (end[0] - start[0]).days > _MOST_DAYS:
        yield end[1].element, f"It is from {_shown(start[1].value)} to {_shown(end[1].value)}."


def _between_dates(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    told, start, end = (case.moment(name, context) for name in ("date", "start", "end"))
    if told and start and end and not start[0] <= told[0] <= end[0]:
        period = f"{_shown(start[1].value)} to {_shown(end[1].value)}"
        yield told[1].element, f"{_shown(told[1].value)} is not within {period}."


def _regex_matches(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    yield from _regex(case, context, True)


def _regex_no_matches(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    yield from _regex(case, context, False)


def _regex(case: _Case, context: Context, wanted: bool) -> Iterator[Breach]:
    pattern = _pattern(str(case.case["regex"]))
    for one in case.found(context):
        if one.value and bool(pattern.search(one.value)) != wanted:
            yield one.element, f"It is {_shown(one.value)}."


@lru_cache(maxsize=100)
def _pattern(written: str) -> re.Pattern[str]:
    try:
        return re.compile(written)
    except re.error as error:
        raise StandardMissing(f"The ruleset holds what is no pattern: {written}.", "Get it again.") from error


def _startswith(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    found = case.found(context)
    if _PREFIXES in _listed(case.case.get("prefix")):
        yield from (
            (one.element, f"{_shown(one.value)} begins with no code of the list {_AGENCIES}.")
            for one in found
            if not check.is_prefix(one.value)
        )
        return
    separator = str(case.case.get("separator", ""))
    starts = tuple(start.value + separator for path in case.prefixes for start in path.found(context))
    for one in found:
        if not one.value.startswith(starts):
            meant = " or ".join(_shown(start) for start in starts[:3])
            yield one.element, f"{_shown(one.value)} does not begin with {meant or 'any identifier that is told'}."


def _unique(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    seen: set[str] = set()
    for one in case.found(context):
        if one.value in seen:
            yield one.element, f"{_shown(one.value)} stands twice."
            return
        seen.add(one.value)


def _if_then(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    # As in the official validator, what gives a list of elements and not a truth is never broken.
    if case.truth("if", context) and case.truth("then", context) is False:
        found = next(iter(case.found(context)), None)
        yield (found.element if found else context.element), ""


def _evaluates_to_true(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    if not case.named["eval"].evaluate(context.element):
        yield context.element, ""


def _no_spaces(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    for one in case.found(context):
        if one.value != one.value.strip():
            yield one.element, f"It is {_shown(one.value)}."


def _no_percent(case: _Case, context: Context, check: RuleCheck) -> Iterator[Breach]:
    for one in case.found(context):
        if "%" in one.value:
            yield one.element, f"It is {_shown(one.value)}."


def _shown(value: str) -> str:
    shown = " ".join(value.split())
    return f"“{shown if len(shown) <= 80 else shown[:80] + '…'}”"


_KINDS: Mapping[str, Callable[[_Case, Context, RuleCheck], Iterator[Breach]]] = {
    "no_more_than_one": _no_more_than_one,
    "atleast_one": _atleast_one,
    "only_one_of": _only_one_of,
    "one_or_all": _one_or_all,
    "dependent": _dependent,
    "sum": _sum,
    "strict_sum": _strict_sum,
    "range": _range,
    "date_order": _date_order,
    "date_now": _date_now,
    "time_limit": _time_limit,
    "between_dates": _between_dates,
    "regex_matches": _regex_matches,
    "regex_no_matches": _regex_no_matches,
    "startswith": _startswith,
    "unique": _unique,
    "if_then": _if_then,
    "evaluates_to_true": _evaluates_to_true,
    "no_spaces": _no_spaces,
    "no_percent": _no_percent,
}
_REMEDIES: Mapping[str, str] = {
    "no_more_than_one": "Keep one of them.",
    "atleast_one": "Add what is missing.",
    "only_one_of": "Keep one kind of them.",
    "one_or_all": "Say it once for all, or with each.",
    "dependent": "Add the rest, or leave all of it out.",
    "sum": "Mend the shares.",
    "strict_sum": "Mend the shares.",
    "range": "Write a value within these bounds.",
    "date_order": "Mend the date that is wrong.",
    "date_now": "Write when it was last changed.",
    "time_limit": "Part it into periods of a year at most.",
    "between_dates": "Mend the date, or the period.",
    "regex_matches": "Write it without these characters.",
    "regex_no_matches": "Write it without these characters.",
    "startswith": "Begin it as asked.",
    "unique": "Give each its own.",
    "if_then": "Add what is missing, or leave out what does not go with it.",
    "evaluates_to_true": "Mend what the rule names.",
    "no_spaces": "Take away the spaces and line breaks around it.",
    "no_percent": "Write the number without the sign.",
}
