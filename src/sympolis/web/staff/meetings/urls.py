"""Addresses of a meeting and of what is done with it. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.meetings import attendees, calendars, picking, programme, views

urlpatterns = [
    path("of/<slug:public_id>/", views.meeting_of_brief, name="meeting_of_brief"),
    path("promises/<slug:public_id>/", views.promise_status, name="promise_status"),
    path("promises/<slug:public_id>/calendar/", calendars.promise, name="promise_calendar"),
    path("<slug:public_id>/calendar/", calendars.meeting, name="meeting_calendar"),
    path("<slug:public_id>/", views.meeting, name="meeting"),
    path("<slug:public_id>/notes/", views.notes, name="meeting_notes"),
    path("<slug:public_id>/programme/", programme.programme, name="meeting_programme"),
    path("<slug:public_id>/programme/propose/", programme.propose, name="meeting_propose"),
    path("<slug:public_id>/attendees/", attendees.attendees, name="meeting_attendees"),
    path("<slug:public_id>/attendees/invite/", attendees.invitations, name="meeting_invite"),
    path("<slug:public_id>/attendees/there/", attendees.attendance, name="meeting_attendance"),
    path("<slug:public_id>/attendees/call-off/", attendees.call_off, name="meeting_call_off"),
    path("<slug:public_id>/attendees/<int:number>/", attendees.preview, name="meeting_attendee"),
    path("<slug:public_id>/attendees/<int:number>/off/", attendees.off, name="meeting_attendee_off"),
    path("<slug:public_id>/pick/", picking.pick, name="meeting_pick"),
]
