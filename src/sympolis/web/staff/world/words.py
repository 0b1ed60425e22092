"""What the engine calls by a code, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STEPS = {
    "read": _("Reading the files"),
    "merge": _("Putting the sources together"),
    "resolve": _("Telling organisations apart"),
    "describe": _("Finding out what each is about"),
    "index": _("Preparing the search"),
}
COUNTS = {
    "organisations": _("Organisations"),
    "places": _("Places"),
    "relations": _("Relations"),
    "projects": _("Projects"),
    "participations": _("Parts in projects"),
    "measurements": _("Results of projects"),
    "calls": _("Calls"),
    "events": _("Events"),
    "needs": _("Needs and offers"),
    "plan_actions": _("Actions of plans"),
    "contributions": _("What was said"),
    "call_changes": _("Changes of calls"),
    "documents": _("Entries of the search"),
}
# Why two may be one: what is said where it speaks for it, and where it speaks against it.
REASONS = {
    "resolve-identifier": (_("Others know both by the same number"), _("Others know them by different numbers")),
    "resolve-name": (_("The names are alike"), _("The names differ")),
    "resolve-place": (_("Both names mean the same place"), _("The names mean different places")),
    "resolve-country": (_("Both are in the same country"), _("The countries differ, or one of them is not known")),
    "resolve-level": (
        _("Both govern at the same level"),
        _("They govern at different levels, or only one of them governs"),
    ),
    "resolve-type": (
        _("Both names say the same type of organisation"),
        _("The names say different types of organisation"),
    ),
    "resolve-kind": (_("Both are of the same kind"), _("The kinds differ")),
    "resolve-form": (_("Both have the same legal form"), _("The legal forms differ")),
    "resolve-number": (_("The names hold the same number"), _("The names hold different numbers")),
    "resolve-land": (_("Both names say the same country"), _("The names say different countries")),
    "resolve-distance": (_("They are close to each other"), _("They are far from each other")),
    "person-same-name": (_("The names are the same"), ""),
    "person-alike-names": (_("The names are alike"), ""),
    "person-name-unknown": (_("Of one of them only the post is known"), ""),
    "person-names-differ": (_("The names differ"), ""),
    "person-mail": (_("Both have the same mail address"), ""),
    "person-telephone": (_("Both have the same telephone"), ""),
    "person-organisation": (_("Both are at the same organisation"), ""),
    "person-elsewhere": ("", _("They are at different organisations")),
    "resolve-website": (_("Both have the same web site"), _("The web sites differ")),
}
