"""Addresses of the newsletter."""

from django.urls import path

from sympolis.web.public.newsletter import views

urlpatterns = [
    path("", views.newsletter, name="newsletter"),
    path("asked/", views.asked, name="letter_asked"),
    path("confirm/<str:token>/", views.confirmed, name="letter_confirm"),
    path("preferences/<str:token>/", views.preferences, name="letter_preferences"),
    path("leave/<str:token>/", views.left, name="letter_leave"),
    path("<public_id:public_id>/", views.issue, name="letter_issue"),
]
