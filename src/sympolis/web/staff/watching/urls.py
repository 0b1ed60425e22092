"""One's own watches: everybody who signs in has them."""

from django.urls import path

from sympolis.web.staff.watching import views

urlpatterns = [
    path("", views.watching, name="watching"),
    path("this/", views.watch_this, name="watch_this"),
    path("mails/", views.rhythm, name="watch_rhythm"),
    path("<int:pk>/", views.watch, name="watch"),
    path("<int:pk>/say/", views.say, name="watch_say"),
    path("<int:pk>/remove/", views.remove, name="watch_remove"),
]
