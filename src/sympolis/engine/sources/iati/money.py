"""What an activity costs: its budgets, else its commitments, where they are in one currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml.etree import _Element

from .parts import Parts, code_of, first

_COMMITMENTS = frozenset({"2", "c", "commitment"})
_REVISED = frozenset({"2", "revised"})
_MOST = Decimal(10) ** 15
_CURRENCY = re.compile(r"[A-Z]{3}")

type Amount = tuple[Decimal, str]


def cost_of(parts: Parts, default_currency: str, problems: list[str]) -> tuple[Decimal | None, str]:
    """The whole cost and its currency; a value that is no number is named in ``problems``."""
    for told in (_budgets, _commitments):
        amounts = list(told(parts, default_currency, problems))
        currencies = {currency for _amount, currency in amounts}
        total = sum((amount for amount, _currency in amounts), Decimal(0))
        if len(currencies) == 1 and total > 0 and (currency := currencies.pop()):
            return total, currency
    return None, ""


def _budgets(parts: Parts, currency: str, problems: list[str]) -> Iterator[Amount]:
    """For each period its revised budgets, else its original ones."""
    periods: dict[tuple[str, str], tuple[list[Amount], list[Amount]]] = {}
    for budget in (*parts.get("budget", ()), *parts.get("budget-planned", ())):
        period = (_day(budget, "period-start"), _day(budget, "period-end"))
        original, revised = periods.setdefault(period, ([], []))
        is_revised = (budget.get("type") or "").strip().lower() in _REVISED
        (revised if is_revised else original).extend(_amounts(budget, currency, problems))
    for original, revised in periods.values():
        yield from revised or original


def _commitments(parts: Parts, currency: str, problems: list[str]) -> Iterator[Amount]:
    for transaction in parts.get("transaction", ()):
        told = first(transaction, "transaction-type")
        kind = code_of(told) if told is not None else transaction.get("type") or ""
        if kind.strip().lower() in _COMMITMENTS:
            yield from _amounts(transaction, currency, problems)


def _amounts(element: _Element, default_currency: str, problems: list[str]) -> Iterator[Amount]:
    value = first(element, "value")
    if value is None:
        return
    written = (value.text or "").strip()
    try:
        amount = Decimal(written.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or abs(amount) >= _MOST:
        problems.append(f"The value {written[:40]!r} is no amount.")
        return
    currency = (value.get("currency") or default_currency).strip().upper()
    yield amount, currency if _CURRENCY.fullmatch(currency) else ""


def _day(element: _Element, name: str) -> str:
    told = first(element, name)
    return (told.get("iso-date") or told.text or "").strip() if told is not None else ""
