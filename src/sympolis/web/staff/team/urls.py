"""The people who sign in for one organisation."""

from django.urls import path

from sympolis.web.staff.team import views

urlpatterns = [
    path("<slug:public_id>/", views.team, name="team"),
    path("<slug:public_id>/<int:pk>/role/", views.change_role, name="team_role"),
    path("<slug:public_id>/<int:pk>/end/", views.end, name="team_end"),
    path("<slug:public_id>/<int:pk>/invite/", views.invite_again, name="team_invite_again"),
]
