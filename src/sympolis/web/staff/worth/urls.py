"""What memberships are worth."""

from django.urls import path

from sympolis.web.staff.worth import views

urlpatterns = [
    path("", views.memberships, name="worth"),
    path("<slug:public_id>/", views.membership, name="network_worth"),
    path("<slug:public_id>/answer/", views.answer, name="network_answer"),
    path("<slug:public_id>/fee/", views.fee, name="network_fee"),
]
