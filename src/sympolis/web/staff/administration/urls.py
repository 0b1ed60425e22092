"""Administration, and the first page of an empty home."""

from django.urls import path

from sympolis.web.staff.administration import first_run, views

urlpatterns = [
    path("", views.administration, name="administration"),
    path("begin/", first_run.first_run, name="first_run"),
    path("office/", views.office_settings, name="office_settings"),
    path("examples/", views.examples, name="examples"),
    path("users/", views.users, name="users"),
    path("users/invite/", views.invite, name="user_invite"),
    path("users/<int:pk>/", views.change_user, name="user_change"),
    path("users/<int:pk>/invite/", views.invite_again, name="user_invite_again"),
    path("users/<int:pk>/withdraw/", views.withdraw_invitation, name="user_invitation_withdraw"),
    path("users/<int:pk>/deactivate/", views.deactivate, name="user_deactivate"),
    path("users/<int:pk>/reactivate/", views.reactivate, name="user_reactivate"),
]
