"""The tokens of one's account: a page beside those for address, password and second factor."""

from django.urls import path

from sympolis.web.staff.tokens import views

urlpatterns = [
    path("", views.tokens, name="account_tokens"),
    path("new/", views.new_token, name="account_token_new"),
    path("<int:pk>/withdraw/", views.withdraw, name="account_token_withdraw"),
]
