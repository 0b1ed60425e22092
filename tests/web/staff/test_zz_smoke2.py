import pytest
from django.urls import reverse
@pytest.mark.parametrize("n",["dashboard","administration","office_settings","users","user_invite"])
def test_pages(cast, n):
    for who in ("administrator","officer","contact","participant"):
        r=cast.client(who).get(reverse(f"staff:{n}"))
        print(n, who, r.status_code)
        assert r.status_code==(200 if who=="administrator" or n=="dashboard" else 403)
@pytest.mark.parametrize("n",["account_login","account_signup","account_reset_password","account_reset_password_done"])
def test_acc(cast, n):
    assert cast.client("visitor").get(reverse(n)).status_code==200
@pytest.mark.parametrize("n",["account_email","account_change_password","mfa_index","account_logout","account_reauthenticate","mfa_activate_totp"])
def test_acc2(cast, n):
    r=cast.client("contact").get(reverse(n))
    assert r.status_code in (200,302), r.status_code
    print(n, r.status_code, r.get("Location"))
def test_first(db, client):
    r=client.get("/en/")
    assert r["Location"]=="/en/office/administration/begin/"
    assert client.get(r["Location"]).status_code==200
