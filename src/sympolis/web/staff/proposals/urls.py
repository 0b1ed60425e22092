"""What members would change, and the office's decision on each field of it."""

from django.urls import path

from sympolis.web.staff.proposals import views

urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("<int:pk>/decide/", views.decide, name="proposal_decide"),
    path("pictures/<int:pk>/", views.picture, name="proposal_picture"),
    path("<int:pk>/withdraw/", views.withdraw, name="proposal_withdraw"),
]
