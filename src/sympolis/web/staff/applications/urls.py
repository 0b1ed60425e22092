"""Addresses of applications besides their list and form, which are with those of all records."""

from django.urls import path

from sympolis.web.staff.applications import letters, partners, views

urlpatterns = [
    path("", views.board, name="board"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<int:pk>/remove/", letters.letter_remove, name="letter_remove"),
    path("<slug:public_id>/partner/<int:number>/<slug:kind>.docx", letters.letter, name="application_letter"),
    path("<slug:public_id>/", views.application, name="application"),
    path("<slug:public_id>/move/", views.move_card, name="application_move"),
    path("<slug:public_id>/decide/", views.decide_on, name="application_decide"),
    path("<slug:public_id>/task/", views.task, name="application_task"),
    path("<slug:public_id>/task/<int:number>/", views.task_done, name="application_task_done"),
    path("<slug:public_id>/project/", views.project, name="application_project"),
    path("<slug:public_id>/partner/", partners.partner, name="application_partner"),
    path("<slug:public_id>/partner/<int:number>/", partners.partner_change, name="application_partner_change"),
    path("<slug:public_id>/partner/<int:number>/ask/", partners.ask, name="application_ask"),
    path("<slug:public_id>/proposals/", partners.proposals, name="application_proposals"),
]
