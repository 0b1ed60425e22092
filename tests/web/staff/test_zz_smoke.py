import pytest
from django.urls import reverse
from sympolis.web.staff.records.documents import KINDS, RECORD_KINDS
from tests.factories import *
@pytest.mark.parametrize("kind", [k.name for k in KINDS])
def test_lists(cast, kind):
    for who in ("officer","contact","participant"):
        r=cast.client(who).get(reverse(f"staff:{kind}"))
        assert r.status_code==200
        r=cast.client(who).get(reverse(f"staff:{kind}"),{"format":"csv"})
        assert r.status_code==200
@pytest.mark.parametrize("kind", [k.name for k in RECORD_KINDS])
def test_add(cast, kind):
    c=cast.client("officer")
    r=c.get(reverse(f"staff:{kind}_add"))
    assert r.status_code==200
    data={"title_en":"A <b>title</b>","text_en":"x", "name":"N <script>","organisation":"AMB","from_organisation":"Sfax","to_organisation":"Rabat","type":"twinned_with","kind": "plan" if kind=="plans" else "", "stage":"need" if kind=="needs" else "", "visibility":"public","status":"open","confirmed":"on","post_en":"P"}
    r=c.post(reverse(f"staff:{kind}_add"), data)
    assert r.status_code==302, {f: r.context["form"].errors for f in [1]}
    r=c.get(r["Location"])
    assert r.status_code==200
    assert "<script>" not in r.text.split("<main")[1].split("</main")[0]
    url=r.request["PATH_INFO"]
    f=r.context["form"]
    r=c.post(url, {**data,"seen":f.initial["seen"],"title_ca":"Un títol", "note": "x"})
    assert r.status_code==302, r.context["form"].errors
    r=c.get(url)
    assert r.status_code==200
    r=c.get(url+"remove/")
    assert r.status_code==200
    v=r
    r=c.get(url)
    from django.test.utils import CaptureQueriesContext
    from django.db import connection
    for u in (url,url+"remove/",reverse(f"staff:{kind}"),reverse(f"staff:{kind}_add")):
        with CaptureQueriesContext(connection) as q:
            c.get(u)
        print(kind, u, len(q))
    vs=[x["version"].id for x in r.context["versions"]]
    assert len(vs)==2
    assert c.post(url+f"restore/{vs[1]}/").status_code==302
    assert c.post(url+"remove/").status_code==302
    assert c.get(url).status_code==410
