"""The first page of an empty home: it opens the office, once."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters

from sympolis.office.core.models import User
from sympolis.office.directory.actions import OfficeIsOpen, open_office
from sympolis.office.directory.queries import is_empty_home
from sympolis.web.staff.administration.forms import FirstRunForm
from sympolis.web.staff.records.views import posted

OF_OFFICE = (
    "name", "organisation", "kind", "country", "email", "password", "languages", "time_zone", "currency", "contact",
    "legal_notice", "logo", "first_name", "last_name",
)  # fmt: skip


@sensitive_post_parameters("password", "code")
def first_run(request: HttpRequest) -> HttpResponse:
    """Only while there is no office and no user; with the code that only the one who started the server has seen."""
    if not is_empty_home():
        raise Http404
    initial = {"default_language": (translation.get_language() or "en").split("-")[0]}
    form = FirstRunForm(*posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _open(form)
        except OfficeIsOpen as error:
            raise Http404 from error
        user = User.objects.get(email=User.objects.normalize_email(form.cleaned_data["email"]))
        login(request, user, backend="sympolis.office.directory.sign_in.SignIn")
        with translation.override(form.cleaned_data["default_language"]):
            return redirect("staff:dashboard")
    return render(request, "staff/administration/first_run.html", {"form": form})


def _open(form: FirstRunForm) -> None:
    said = form.cleaned_data
    open_office(language=said["default_language"], **{name: said[name] for name in OF_OFFICE})
