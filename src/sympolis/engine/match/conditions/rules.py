"""A programme's standard rules, where a call sends there or is of a type of action whose rules are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...model import Call
from .passages import READ_LETTERS
from .vocabulary import words

_STANDARD_TYPES = re.compile(r"HORIZON (?:Research and Innovation|Innovation|Coordination and Support) Actions")


@dataclass(frozen=True, slots=True)
class Rule:
    """``told`` are the call's words that send to the rule, with their language; empty: the type of action says it."""

    where: str
    content: Mapping[str, Any]
    told: tuple[str, str] = ("", "")


def programme_rule(call: Call) -> Rule | None:
    """What holds for whoever applies, unless the call says otherwise."""
    for told in words()["rules"]:
        if told["programme"] != call.programme:
            continue
        for language, text in sorted(call.conditions.items()):
            if sentence := _sentence(told["pointer"]).search(text[:READ_LETTERS]):
                return Rule(told["where"], told, (sentence.group().strip(), language))
        if _STANDARD_TYPES.fullmatch(call.action_type):
            return Rule(told["where"], told)
    return None


@cache
def _sentence(pointer: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pointer})[^.\n]{{0,40}}\.?", re.IGNORECASE)


def action_rule(call: Call, about: str) -> Rule | None:
    """What a type of action stands for: ``about`` is ``consortium`` or ``share``. Of joint undertakings only where the
    call itself sends to the programme's rules: they have others."""
    sent = programme_rule(call)
    plain = call.action_type.replace("HORIZON JU ", "HORIZON ")
    if plain != call.action_type and (about == "share" or sent is None or not sent.told[0]):
        return None
    for told in words()["actions"]:
        if about in told and re.fullmatch(told["pattern"], plain):
            return Rule(told["where"], told)
    return None
