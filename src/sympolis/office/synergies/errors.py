"""What a brief refuses, each with a sentence an officer can act on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.models import Organisation


class BriefRefused(Exception):
    """The brief can't be made as asked; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class SameTwice(BriefRefused):
    def __init__(self, organisation: Organisation) -> None:
        name = organisation.title_text().best().text
        super().__init__(_("%(name)s was named on both sides: a brief needs two partners.") % {"name": name})


class NotFound(BriefRefused):
    """No organisation of this name; the nearest are offered."""

    def __init__(self, text: str, nearest: list[Organisation]) -> None:
        self.nearest = nearest
        names = ", ".join(organisation.name for organisation in nearest)
        asked = text[:100]
        if nearest:
            sentence = _("Who is meant by “%(asked)s”? The nearest here: %(names)s.") % {"asked": asked, "names": names}
        else:
            sentence = _("No organisation here is called “%(asked)s”. Enter it first, or try another name.") % {
                "asked": asked
            }
        super().__init__(sentence)


class ReasonMissing(BriefRefused):
    def __init__(self) -> None:
        super().__init__(_("Say why: the next brief will show it."))


class NotApproved(BriefRefused):
    def __init__(self) -> None:
        super().__init__(_("This brief has not been approved for handing round yet."))
