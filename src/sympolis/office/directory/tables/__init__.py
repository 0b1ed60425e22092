"""The spreadsheets of the directory, in the order in which they build on each other."""

from sympolis.office.directory.tables.belongings import AGREEMENTS, DEPARTMENTS, FEES, FIGURES, POSITIONS
from sympolis.office.directory.tables.organisations import ORGANISATIONS, TEXTS
from sympolis.office.directory.tables.people import PEOPLE
from sympolis.office.directory.tables.posts import POSTS
from sympolis.office.directory.tables.relations import RELATIONS
from sympolis.office.directory.tables.seats import SEATS

TABLES = [ORGANISATIONS, RELATIONS, SEATS, TEXTS, AGREEMENTS, DEPARTMENTS, PEOPLE, POSTS, FIGURES, FEES, POSITIONS]
