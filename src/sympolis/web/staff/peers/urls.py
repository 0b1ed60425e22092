"""Places like a place, and several side by side."""

from django.urls import path

from sympolis.web.staff.peers import views

urlpatterns = [
    path("side-by-side/", views.side_by_side, name="side_by_side"),
    path("<slug:public_id>/", views.peers, name="peers"),
    path("<slug:public_id>/say/", views.say, name="peer_say"),
]
