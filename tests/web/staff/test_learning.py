"""The page "What was learnt", what partners and briefs say of it, and the button that forgets."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from sympolis.office.synergies.actions import Wish, make_brief
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import SHIPPED
from sympolis.office.synergies.models import Brief, LearningSwitch, LineDecision, SuggestionAnswer
from sympolis.office.synergies.templatetags.brief import anchor_of
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.factories.synergies import make_pair
from tests.office.synergies.test_learning import teach

TODAY = date(2026, 3, 3)
OTHERS = ("contact", "participant", "outsider")


def page() -> str:
    return reverse("staff:learnt")


def test_officers_read_the_table_and_nobody_else(cast: Cast) -> None:
    assert cast.client("visitor").get(page()).status_code == 302
    for who in ("administrator", "officer"):
        assert cast.client(who).get(page()).status_code == 200
    for who in OTHERS:
        assert cast.client(who).get(page()).status_code == 403
    assert cast.client("officer").post(page()).status_code == 405


def test_administrators_alone_forget_and_learn_again(cast: Cast) -> None:
    teach(cast, 30)
    address = reverse("staff:learning_switch")
    assert cast.client("visitor").post(address, {"what": "forget"}).status_code == 302
    for who in ("officer", *OTHERS):
        assert cast.client(who).post(address, {"what": "forget"}).status_code == 403
        assert LearningSwitch.objects.count() == 0
    assert address not in cast.client("officer").get(page()).text
    client = cast.client("administrator")
    assert client.get(address).status_code == 405
    assert client.post(address, {"what": "burn"}).status_code == 404
    before = client.get(page())
    assert "Counts less: being near." in before.text
    assert 'value="forget"' in before.text
    after = client.post(address, {"what": "forget"}, follow=True)
    assert "Forgotten: every order is as shipped. The answers are kept." in after.text
    assert after.text.count("Learning is switched off: the order is as shipped.") == len(SHIPPED)
    assert "<strong>" not in after.text.partition("<table")[2]
    assert SuggestionAnswer.objects.count() == 60
    again = client.post(address, {"what": "learn"}, follow=True)
    assert "Counts less: being near." in again.text
    assert [(each.is_on, each.by) for each in LearningSwitch.objects.order_by("pk")] == [
        (False, cast.administrator), (True, cast.administrator),
    ]  # fmt: skip


def test_the_table_tells_each_weight(cast: Cast) -> None:
    teach(cast, 30)
    text = " ".join(cast.client("officer").get(page()).text.split())
    assert '<th scope="row">Being near</th> <td class="num" data-label="Weight as shipped">14</td>' in text
    assert "A yes stands before a no" in text
    near = text.partition('<th scope="row">Being near</th>')[2].partition("</tr>")[0]
    assert re.findall(r">(?:<strong>)?([\d.]+)<", near) == ["14", "12", "30", "30"]


def test_it_asks_as_much_of_many_answers_as_of_none(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, counts = cast.client("officer"), []
    for times in (0, 40):
        teach(cast, times)
        with django_assert_max_num_queries(12) as asked:
            assert client.get(page()).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_of_partners_says_it_in_a_sentence(cast: Cast) -> None:
    tunis = make_organisation("Tunis", kind="city", country="TN")
    make_relation(cast.amb, "partner_of", cast.sfax)
    make_relation(tunis, "twinned_with", cast.sfax)
    address = reverse("staff:partners", args=[cast.amb.public_id])
    client = cast.client("officer")
    assert "Nothing has been learnt yet: the order is as shipped." in client.get(address).text
    teach(cast, 30)
    text = client.get(address).text
    assert (
        "60 answers of this office have been learnt from. Counts more: the same wider circle of partners. "
        f'Counts less: being near. <a href="{page()}">' in text
    )


@pytest.mark.parametrize("language", ["ca", "es", "fr", "ar"])
def test_it_speaks_the_readers_language(cast: Cast, language: str) -> None:
    teach(cast, 30)
    with translation.override(language):
        text = cast.client("administrator").get(page()).text
    for words in ("learnt", "Counts", "being near", "as shipped", "Forget", "Ways to work"):
        assert words not in text.partition("<main")[2].replace("learnt/", "").replace('"learnt"', ""), words


class TestBrief:
    @pytest.fixture
    def brief(self, cast: Cast) -> Brief:
        pair = make_pair(TODAY)
        teach(cast, 30, Subject.SYNERGIES)
        return make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, on=TODAY))

    def address(self, brief: Brief, name: str = "brief") -> str:
        return reverse(f"staff:{name}", kwargs={"public_id": brief.public_id})

    def test_it_says_what_shaped_its_order(self, cast: Cast, brief: Brief) -> None:
        text = cast.client("officer").get(self.address(brief)).text
        assert "60 answers of this office have shaped the order of the ways to work together and of the calls." in text
        assert f'href="{page()}"' in text
        brief.document.pop("learnt")  # made before there was learning
        brief.save()
        assert "have shaped the order" not in cast.client("officer").get(self.address(brief)).text

    def test_a_line_is_set_aside_and_taken_back_in(self, cast: Cast, brief: Brief) -> None:
        client, key = cast.client("officer"), brief.document["synergies"][0]["key"]
        reply = client.get(self.address(brief), {"line": anchor_of(key)}).text
        assert 'value="later"' in reply
        said = {"line": key, "what": "later", "words": "After <b>summer</b>"}
        assert client.post(self.address(brief, "brief_line"), said).status_code == 302
        text = client.get(self.address(brief)).text
        assert "Set aside by Officer: it comes back in the next brief. After &lt;b&gt;summer&lt;/b&gt;" in " ".join(
            text.split()
        )
        assert f'class="line is-dropped is-later" id="{anchor_of(key)}"' in " ".join(text.split())
        assert f'form="undo" name="line" value="{key}"' in text
        client.post(self.address(brief, "brief_line"), {"line": key, "what": ""})
        assert "Set aside by" not in client.get(self.address(brief)).text
        assert LineDecision.objects.get().verdict == ""
