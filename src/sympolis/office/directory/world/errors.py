"""What can stand in the way of linking."""

from sympolis.office.directory.models import Organisation


class NotInWorldData(LookupError):
    """The world's data has no such organisation, or there is none."""


class LinkedAlready(Exception):
    """This record is one of our organisations already."""

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(organisation.name)
        self.organisation = organisation
