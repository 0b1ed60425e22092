"""Supports and comments on a plan and all that is in it to take away, row by row: what everybody may read of them.

Who supports is nobody's business; who comments is called as on the page. Hidden words are in it for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympolis.office.core.queries import Reader
from sympolis.office.planning.models import Plan
from sympolis.office.planning.queries import below, visible_actions, visible_plans
from sympolis.office.planning.voices.names import name_of
from sympolis.office.planning.voices.queries import public_comments, public_supports
from sympolis.web.public.plan_data import Row

AT_ONCE = 2_000
COMMENTS = ("id", "on", "kind", "answers", "author", "text", "language", "created_at", "edited", "supports")
SUPPORTS = ("on", "kind", "at")
COMMENT_COLUMNS = (
    "public_id", "plan__public_id", "action__public_id", "answers__public_id", "author__first_name",
    "author__last_name", "author__role", "text", "language", "created_at", "edited_at", "backed",
)  # fmt: skip
SUPPORT_COLUMNS = ("plan__public_id", "action__public_id", "comment__public_id", "at")


def comment_rows(user: Reader, plan: Plan) -> Iterator[Row]:
    """The comments in the order they were written: one question, whatever there is."""
    plans = below(visible_plans(user), plan.pk).values("pk")
    found = public_comments(plans, visible_actions(user).filter(plan__in=plans))
    for row in found.order_by("pk").values_list(*COMMENT_COLUMNS).iterator(chunk_size=AT_ONCE):
        public_id, on_plan, on_action, answers, first, last, role, text, language, at, edited, backed = row
        yield {
            "id": public_id, "on": on_action or on_plan, "kind": "action" if on_action else "plan",
            "answers": answers or "", "author": name_of(first, last, role), "text": text, "language": language,
            "created_at": at.isoformat(timespec="seconds"), "edited": "yes" if edited else "no",
            "supports": str(backed),
        }  # fmt: skip


def support_rows(user: Reader, plan: Plan) -> Iterator[Row]:
    """The supports in the order they were given, each with what it is of and its day: one question."""
    plans = below(visible_plans(user), plan.pk).values("pk")
    found = public_supports(plans, visible_actions(user).filter(plan__in=plans))
    for row in found.order_by("pk").values_list(*SUPPORT_COLUMNS).iterator(chunk_size=AT_ONCE):
        on_plan, on_action, on_comment, at = row
        kind = "comment" if on_comment else "action" if on_action else "plan"
        yield {"on": on_comment or on_action or on_plan, "kind": kind, "at": at.date().isoformat()}
