"""The agenda of a region or a network: what each of its members is in, does, wants and where it goes, and who meets
whom on the way.

Some ten questions to the database, however many members there are: a page of members with what is theirs, and of all
members together only who goes where and who is after which call, as bare keys. Only what somebody stored is compared:
that two go to one place, or that two name the same open call.
"""
