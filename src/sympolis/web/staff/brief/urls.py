"""Addresses of briefs and of the invitations that come out of them."""

from django.urls import path

from sympolis.web.staff.brief import asking, making, reading

urlpatterns = [
    path("", reading.briefs, name="briefs"),
    path("new/", making.brief_new, name="brief_new"),
    path("suggest/<str:field>/", making.brief_suggest, name="brief_suggest"),
    path("<str:public_id>/", reading.brief, name="brief"),
    path("<str:public_id>/line/", reading.brief_line, name="brief_line"),
    path("<str:public_id>/approve/", reading.brief_approve, name="brief_approve"),
    path("<str:public_id>/again/", making.brief_again, name="brief_again"),
    path("<str:public_id>/download/", reading.brief_download, name="brief_download"),
    path("<str:public_id>/ask/<str:member>/", asking.brief_ask, name="brief_ask"),
]
