"""Links at which members write what they need, and what came through them."""

from django.urls import path

from sympolis.web.staff.writing import views

urlpatterns = [
    path("", views.writing, name="writing"),
    path("<int:pk>/withdraw/", views.withdraw, name="writing_withdraw"),
    path("<str:public_id>/decide/", views.decide, name="writing_decide"),
]
