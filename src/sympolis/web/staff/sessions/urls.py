"""Addresses of running a session. Lists and forms are with those of all records."""

from django.urls import path

from sympolis.web.staff.sessions import incoming, invitations, paper, views

urlpatterns = [
    path("<slug:public_id>/", views.session, name="session"),
    path("<slug:public_id>/link/", views.link, name="session_link"),
    path("<slug:public_id>/link/<int:number>/close/", views.close_link, name="session_link_close"),
    path("<slug:public_id>/results/", views.results, name="session_results"),
    path("<slug:public_id>/phase/", views.phase, name="session_phase"),
    path("<slug:public_id>/note/", views.note, name="session_note"),
    path("<slug:public_id>/group/", views.group, name="session_group"),
    path("<slug:public_id>/take/", views.take, name="session_take"),
    path("<slug:public_id>/minutes/", views.minutes, name="session_minutes"),
    path("<slug:public_id>/incoming/", incoming.start, name="session_incoming"),
    path("<slug:public_id>/incoming/<str:token>/", incoming.preview, name="session_incoming_preview"),
    path("<slug:public_id>/incoming/<slug:token>/back/", incoming.take_back, name="session_incoming_back"),
    path("<slug:public_id>/paper/", paper.paper, name="session_paper"),
    path("<slug:public_id>/paper/file/", paper.file, name="session_paper_file"),
    path("<slug:public_id>/paper/<int:number>/out/", paper.take_out, name="session_paper_out"),
    path("<slug:public_id>/invitations/", invitations.invitations, name="session_invitations"),
    path("<slug:public_id>/invitations/places/", invitations.places, name="session_places"),
    path("<slug:public_id>/invitations/changed/", invitations.changed, name="session_changed"),
    path("<slug:public_id>/invitations/<int:number>/back/", invitations.take_back, name="session_invitation_back"),
    path("<slug:public_id>/decisions/", views.decisions, name="session_decisions"),
    path("<slug:public_id>/table/", views.table, name="session_table"),
]
