"""Who said what, in invented sentences of every form the rules know."""

import json

import pytest

from tests.collect.prose.reading import attributed, places, results, said
from trucewatch.collect.observation import Observation
from trucewatch.record import canonical, decoded

ENGLISH = {
    "Northern Ministry spokesperson Ada Lind said the road was closed.": ["Ada Lind"],
    "“The road is closed,” said Ada Lind, a spokesperson.": ["Ada Lind"],
    "According to Ada Lind, the road is closed.": ["Ada Lind"],
    "The mayor, Jon Berg, denied the attack.": ["Jon Berg"],
    "Britain, France and other allies pledged to help.": [
        "Britain",
        "France",
        "other allies",
    ],
    "A senior official said nobody was hurt.": ["A senior official"],
    "Moscow’s Monday statement was short.": ["Moscow"],
    "Ada Lind said on Tuesday that Jon Berg had signed the paper.": ["Ada Lind"],
    "The road is lined with poplars.": [],
    "Russian demands were read out.": [],
    "Mayor: bridge hit by two drones": ["Mayor"],
}
FRENCH = {
    "Le ministre Jean Dupont a déclaré que la route est fermée.": ["Jean Dupont"],
    "« La route est fermée », a ajouté M. Dupont.": ["Dupont"],
    "Selon Jean Dupont, la route est fermée.": ["Jean Dupont"],
}
SLAVIC = {
    "Генштаб: в лесу идут бои": ["Генштаб"],
    "Мэр города: слышны взрывы": ["Мэр города"],
    "В лесу слышны взрывы, сообщил глава района Олег Лесной": ["Олег Лесной"],
    "В лесу идут бои – СМИ": ["СМИ"],
    "В США предупредили о последствиях": ["США"],
    "По словам Лесного, дорога закрыта": ["Лесного"],
    "Лесной об ударах по мосту: это не конец": ["Лесной"],
    "Умер житель села": [],
    "Обстрел моста: есть раненые": [],
    "У лісі тривають бої, - повідомляє Генштаб ЗСУ": ["Генштаб ЗСУ"],
    "Дорогу закрито, - йдеться в ранковому зведенні Генштабу ЗСУ": ["Генштабу ЗСУ"],
    "Міський голова Олег Лісовий розповів про наслідки": ["Олег Лісовий"],
    "Лісовому повідомили неприємні новини": [],
    "Зоря - Славія: прогноз на матч": [],
    "Волонтеры рассказали о дороге": ["Волонтеры"],
    "«Темно»: киевские волонтеры рассказали о дороге": ["киевские волонтеры"],
    "Дорогу перекрыли, заявил пленный разведчик": ["пленный разведчик"],
    "О дороге рассказал сапер с позывным «Ясень»": ["сапер с позывным «Ясень»"],
    "В апреле Минобороны сообщило о дороге": ["Минобороны"],
    "У Лесного отреагировали на слухи": ["Лесного"],
    "Дорога открыта – Белый дом": ["Белый дом"],
    "Новый удар по мосту: мэр объяснил причины": ["мэр"],
    "СМИ: мэр заявил об уходе": ["СМИ"],
    "Ложь про мост: Лесной объяснил причины": ["Лесной"],
    "Президент Российской Федерации поручил открыть дорогу": [
        "Президент Российской Федерации"
    ],
    "Мэр объявил о сборе, упомянув план Лесного": ["Мэр"],
    "Лесного предупредили о сборе": [],
    "Жителей села предупредили о сборе": [],
    "В области объявили воздушную тревогу": [],
    "Суд осудил жителя до пяти лет": [],
    "Закрыта трасса Лесное – Заречье": [],
    "Мост закрыт, дорога открыта – LIVE": [],
    "Удары по мосту подтверждают его прочность": [],
    "В США рассказали, почему мэр назвал дату": ["США"],
    "Мост открыт, - сказав він": [],
    "Зоозахисники просять про ліки": ["Зоозахисники"],
    "«Ходімо»: захисники розповіли про дорогу": ["захисники"],
    "В ОВА зробили важливу заяву": ["ОВА"],
    "Після дощу: експерт дав прогноз": ["експерт"],
    "Дорогу закрито – Повітряні сили": ["Повітряні сили"],
    "Бійцю оголосили підозру": [],
    "УЗ додає рейси до лісу": [],
}


@pytest.mark.parametrize("text", ENGLISH)
def test_speakers_of_english_sentences(text):
    assert [name for name, _ in attributed(text)] == ENGLISH[text]


@pytest.mark.parametrize("text", FRENCH)
def test_speakers_of_french_sentences(text):
    assert [name for name, _ in attributed(text)] == FRENCH[text]


@pytest.mark.parametrize("text", SLAVIC)
def test_speakers_of_russian_and_ukrainian_sentences(text):
    assert [name for name, _ in attributed(text)] == SLAVIC[text]


def test_pronouns_and_offices_stand_for_who_held_them():
    text = (
        "Northern President Ada Lind said the road is closed.\n"
        "She added that the bridge is open.\n"
        "The president noted that nobody was hurt.\n"
        "Lind warned of ice."
    )
    assert {name for name, _ in attributed(text)} == {"Ada Lind"}


def test_a_quotation_alone_belongs_to_the_line_that_names_its_speaker():
    text = (
        "Minister Jon Berg said little.\n"
        "“We counted the blasts.”\n"
        "READ MORE: walks along the river\n"
        "Ada Lind said at the Tuesday meeting."
    )
    quoted = [one for one in results(text) if one.quotations]
    assert [one.speaker for one in quoted] == ["Ada Lind"]
    assert f"{quoted[0].said.begin:%Y-%m-%d}" == "2026-01-05"  # local Tuesday begins


def test_a_quotation_alone_else_belongs_to_who_spoke_last():
    text = "Minister Jon Berg warned of ice.\n“We counted the blasts.”"
    assert [one.speaker for one in results(text)] == ["Jon Berg", "Jon Berg"]


def test_a_day_behind_the_event_is_not_the_day_of_speaking():
    (event,) = results("General Olaf Stein said 4 shells hit the bridge on Monday.")
    assert event.said is None
    assert f"{event.claims[0].time.begin:%m-%d}" == "01-04"  # Monday begins in Kyiv
    (spoken,) = results("General Olaf Stein said on Monday that shells hit the bridge.")
    assert f"{spoken.said.begin:%m-%d}" == "01-04"
    assert spoken.claims[0].time is None


def test_spans_lead_to_the_words_as_delivered():
    text = "Ada\u200b Lind said: “We \u202ecounted **12** blasts.”"
    (one,) = results(text)
    (span,) = one.quotations
    assert text[span.begin : span.end] == "We \u202ecounted **12** blasts."
    (claim,) = one.claims
    (number,) = claim.quantities
    assert text[number.span.begin : number.span.end] == "12"


def test_an_anonymous_speaker_stays_anonymous_but_keeps_the_side():
    (one,) = results("A Ukrainian official said the paper is ready.")
    assert (one.speaker, one.anonymous) == ("UA", True)
    assert one.speaker_printed == "A Ukrainian official"


def test_names_stay_in_the_ledger_and_out_of_the_words():
    (one,) = results("“Ada Lind was there,” said Jon Berg.")
    assert "Lind" not in one.words
    assert "Lind" in one.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ada Lind denied that the bridge was attacked.", "denial"),
        ("Ada Lind warned of legitimate targets.", "warning"),
        ("Ada Lind admitted the shelling.", "admission"),
        ("Ada Lind pledged to join a multinational force.", "commitment"),
        ("Ada Lind said the bridge was shelled.", "allegation"),
        ("Ada Lind said 12 people came.", "figure"),
        ("Ada Lind noted the document on security guarantees.", "agreement_fact"),
        ("Ada Lind said the parties will meet on Friday.", "schedule"),
    ],
)
def test_the_kind_of_a_claim_follows_from_verb_and_words(text, kind):
    (one,) = results(text)
    assert one.kind.value == kind


def test_a_statement_comes_back_from_its_canonical_bytes():
    text = (
        "Britain pledged to join a multinational force on land after a ceasefire.\n"
        "Ada Lind said on Monday that more than 12 shells hit Sosnivka overnight."
    )
    for one in said(text, places()):
        assert decoded(Observation, json.loads(canonical(one))) == one


def test_two_speakers_of_one_sentence_have_a_part_each():
    text = "Ada Lind warned of ice, and Jon Berg said 12 shells hit the bridge."
    first, second = results(text)
    assert not first.claims[0].quantities
    assert second.claims[0].quantities[0].numeral == "12"


@pytest.mark.parametrize(
    ("signature", "speaker"),
    [
        ("🔹 [Минобороны России](https://t.me/channel)", "RU"),
        ("🔹 [Подписаться](https://t.me/a) 🔹 [МИД РФ](https://t.me/b) ", "RU"),
        ("🔹 [Подписаться](https://t.me/channel)", "paper"),
        ("Раньше было иначе: [Минобороны](https://t.me/channel) вчера.", "paper"),
        ("🔹 [Минобороны России](https://t.me/chan", "RU"),
    ],
)
def test_a_post_is_the_word_of_the_body_that_signs_it(signature, speaker):
    (one,) = results(f"Над лесом уничтожены два беспилотника.  {signature}")[:1]
    assert one.speaker == speaker


def test_who_is_named_speaks_before_the_channel():
    text = "Мэр Олег Лесной заявил об ударе.\n🔹 [Минобороны России](https://t.me/c)"
    assert [one.speaker for one in results(text)] == ["Олег Лесной"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ada Lind said Russian strikes hit the bridge.", "RU"),
        ("Ada Lind said an attack by Russia hit the bridge.", "RU"),
        ("Ada Lind said Ukraine wants to resume the invasion.", ""),
        ("Ada Lind said Finland joined NATO in response to the Ukraine invasion.", ""),
        ("Ada Lind said Russia launched a full-scale invasion.", "RU"),
    ],
)
def test_who_acted_is_said_only_where_the_words_say_it(text, who):
    (one,) = results(text)
    assert one.claims[0].who == who


def test_what_somebody_tells_of_the_promises_of_others_is_not_promised_by_them():
    text = (
        "Ukrainian President Ada Lind noted that allies agreed on security guarantees."
    )
    assert [one.kind.value for one in results(text)] == ["agreement_fact"]
    text = "Germany expressed readiness but stopped short of a multinational force."
    assert [one.kind.value for one in results(text)] == ["position"]
