"""Addresses of an event's desk. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.events import checking_in, registrations, rows

urlpatterns = [
    path("<slug:public_id>/rows/<slug:what>/", rows.rows, name="event_rows"),
    path("<slug:public_id>/registrations/", registrations.registrations, name="event_registrations"),
    path("<slug:public_id>/registrations/rules/", registrations.rules, name="event_rules"),
    path("<slug:public_id>/registrations/decide/", registrations.decided, name="event_decide"),
    path("<slug:public_id>/registrations/tell/", registrations.tell, name="event_tell"),
    path("<slug:public_id>/registrations/took-part/", registrations.took_part, name="event_took_part"),
    path("<slug:public_id>/registrations/<int:number>/off/", registrations.off, name="event_registration_off"),
    path("<slug:public_id>/registrations/mails/<int:number>/", registrations.mail_again, name="event_mail_again"),
    path("<slug:public_id>/check-in/", checking_in.checking_in, name="event_check_in"),
    path("<slug:public_id>/feedback/", registrations.feedback, name="event_feedback"),
]
