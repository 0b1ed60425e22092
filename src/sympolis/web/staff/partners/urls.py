"""Whom an organisation might work with next, and what officers say to it."""

from django.urls import path

from sympolis.web.staff.partners import views

urlpatterns = [
    path("<slug:public_id>/", views.partners, name="partners"),
    path("<slug:public_id>/decide/", views.decide, name="partner_decide"),
]
