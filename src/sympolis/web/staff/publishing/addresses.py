"""Addresses of the site before, and where they lead now."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.publishing.pages.forms import OldAddressForm
from sympolis.office.publishing.pages.models import OldAddress
from sympolis.web.staff.brief.access import officers

A_PAGE = 100


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def old_addresses(request: HttpRequest) -> HttpResponse:
    form = OldAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Who asks for the old address is led on."))
        return redirect("staff:old_addresses")
    page = Paginator(OldAddress.objects.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "staff/publishing/old_addresses.html", context, status=422 if form.errors else 200)


@officers
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(OldAddress, pk=pk).delete()
    messages.success(request, _("The old address leads nowhere any more."))
    return redirect("staff:old_addresses")
