"""Fields of an article, from the page and from what the index said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extraction.bylines import printed_byline, reporter
from extraction.page import Extracted, SiteRules, extract_page
from extraction.visible import labelled
from storage.models import Article, Hint, StoredPage

if TYPE_CHECKING:
    from collections.abc import Callable

BODY = "".join(
    f"<p>Relief teams in district {n} handed out blankets, lamps and clean water to families on Monday, "
    "officials said.</p>"
    for n in range(4)
)
STATED = '{"@type": "NewsArticle", "datePublished": "2024-08-22T12:00:00+02:00"}'


def _article(page: StoredPage, rules: SiteRules | None = None) -> Article:
    answer = extract_page(page, rules or SiteRules())
    assert isinstance(answer, Extracted), answer
    return answer.article


def _dated(article: Article) -> tuple[str, str, str, bool, tuple[str, ...]]:
    return (
        article.published_at,
        article.published_precision,
        article.published_from,
        article.offset_inferred,
        article.flags,
    )


def _html(head: str = "", before: str = "") -> str:
    title = "Blankets reach the district"
    start = f"<html lang='en'><head><title>{title}</title>{head}</head><body><h1>{title}</h1>"
    return f"{start}{before}{BODY}</body></html>"


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        (
            "<meta property='article:published_time' content='2026-02-31T10:00:00Z'>",
            "",
            ("", "", "", False, ("date_impossible",)),
        ),
        (
            "<meta property='article:published_time' content='2031-01-01T10:00:00Z'>",
            "<p>4 May 2024, 10:20</p>",
            ("2024-05-04T10:20:00+00:00", "minute", "visible_line", True, ("date_future", "offset_unknown")),
        ),
        (
            "<meta property='og:image' content='https://e.org/2019/03/02/a.jpg'>",
            "<img src='/2019/03/02/b.jpg'>",
            ("", "", "", False, ()),
        ),
        (
            "<meta name='date' content='2024-05-04'>",
            "<time datetime='2024-05-04T08:30:00+02:00'>4 May</time>",
            ("2024-05-04T08:30:00+02:00", "second", "time_element", False, ()),
        ),
        (
            "",
            "<p>03/04/2012</p>",
            ("2012-04-03T00:00:00+00:00", "day", "visible_line", True, ("date_ambiguous", "offset_unknown")),
        ),
        (
            "",
            "<div data-deploy-dt='2024.05.04 18:40' data-re-deploy-dt='2024.05.04 19:02'></div>",
            ("2024-05-04T18:40:00+00:00", "minute", "microdata", True, ("offset_unknown",)),
        ),
        (
            "",
            "<a data-publish-date='1714749180'></a><a data-publish-date='1711557300'></a>",
            ("", "", "", False, ()),
        ),
        (
            f"<script type='application/ld+json'>\n//<![CDATA[\n{STATED};\n//]]>\n</script>",
            "",
            ("2024-08-22T12:00:00+02:00", "second", "json_ld", False, ()),
        ),
        (
            "<meta name='article:published:time' content='2024-10-23T15:48:15+00:00'>",
            "<p>October 23, 2024, 3:48</p>",
            ("2024-10-23T15:48:15+00:00", "second", "meta", False, ()),
        ),
        (
            "<meta name='OriginalPublicationDate' content='2012/01/12 00:33:44'>",
            "",
            ("2012-01-12T00:33:44+00:00", "second", "meta", True, ("offset_unknown",)),
        ),
        (
            "",
            "<p>12 January 2012 Last updated at 00:33 GMT</p>",
            ("2012-01-12T00:33:00+00:00", "minute", "visible_line", False, ()),
        ),
    ],
    ids=[
        "impossible",
        "future",
        "image path",
        "day made finer",
        "ambiguous",
        "data attribute",
        "teasers",
        "CDATA",
        "colons",
        "original publication",
        "day and time of an update",
    ],
)
def test_published_time(
    page: Callable[..., StoredPage],
    head: str,
    before: str,
    expected: tuple[str, str, str, bool, tuple[str, ...]],
) -> None:
    assert _dated(_article(page(_html(head, before)))) == expected


def test_time_zone_of_the_source_completes_a_local_time(page: Callable[..., StoredPage]) -> None:
    article = _article(page(_html(before="<p>2024-01-30 10:49</p>")), SiteRules(timezone="Asia/Urumqi"))
    assert _dated(article) == ("2024-01-30T10:49:00+06:00", "minute", "visible_line", True, ())


def test_the_index_is_the_last_resort(page: Callable[..., StoredPage]) -> None:
    hint = Hint(title="Blankets reach the district", published="2024-02-03T04:05:06+01:00", via="feed")
    markup = f"<html><body><div>{BODY}</div></body></html>"
    article = _article(page(markup, hint=hint))
    assert (article.title, _dated(article)) == (
        "Blankets reach the district",
        ("2024-02-03T04:05:06+01:00", "second", "feed", False, ()),
    )


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("松江援建的冷库在沙泉县启用-中新网·新疆", "松江援建的冷库在沙泉县启用"),
        ("Clinics reopen after floods | The Harbour Post", "Clinics reopen after floods"),
        ("Water and light: a year of repair - Ridge Relief", "Water and light: a year of repair"),
        ("Aid-for-trade talks resume", "Aid-for-trade talks resume"),
        ("Minister appeals – “critical”", "Minister appeals – “critical”"),
        ("Clinics reopen after floods |", "Clinics reopen after floods"),
        ("Ridge Relief | Clinics reopen after floods", "Clinics reopen after floods"),
        ("天河网-县红会开展“博爱送万家”活动", "县红会开展“博爱送万家”活动"),
        ("把温暖送到牧民的毡房里——记者手记_天河网", "把温暖送到牧民的毡房里——记者手记"),
        ("把温暖送到牧民的毡房里——天河网", "把温暖送到牧民的毡房里"),
    ],
)
def test_title_without_the_site(page: Callable[..., StoredPage], title: str, clean: str) -> None:
    site = "<meta property='og:site_name' content='Ridge Relief'>"
    markup = f"<html><head><title>{title}</title>{site}</head><body><div>{BODY}</div></body></html>"
    assert _article(page(markup)).title == clean


@pytest.mark.parametrize(
    ("before", "at"),
    [
        (
            "<p>2026-03-02　来源：天河网</p><p>2026年2月27日21时03分，某县发生地震，六个村受灾。</p>",
            "2026-03-02T00:00:00+00:00",
        ),
        ("<p>On 12 May 2025 the fund was founded by nine bakers of the port town.</p>", ""),
        (
            "<p>GENEVA, 12 March 2026 (Ridge Wire) — A convoy has reached the town.</p>",
            "2026-03-12T00:00:00+00:00",
        ),
        ("<p>Updated 5 March 2026, 08:00 | Published 2 March 2026, 06:30</p>", "2026-03-02T06:30:00+00:00"),
        (
            "<p>Mis à jour le 5 mars 2026 à 08:00. Publié le 2 mars 2026 à 06:30</p>",
            "2026-03-02T06:30:00+00:00",
        ),
        ("<p>Publikacja: 03.01.2026 11:50 | Aktualizacja: 04.01.2026 16:49</p>", "2026-01-03T11:50:00+00:00"),
        ("<p><b> 2026</b> <b><i>03</i>/<i>02</i></b> <b>21:37:05</b></p>", "2026-03-02T21:37:05+00:00"),
    ],
)
def test_printed_times(page: Callable[..., StoredPage], before: str, at: str) -> None:
    assert _article(page(_html(before=before))).published_at == at


def test_the_time_of_a_teaser_above_the_heading_is_not_the_pages(page: Callable[..., StoredPage]) -> None:
    link, time = (
        "<a href='/9'>Ferry sinks off the coast</a>",
        "<time datetime='2026-11-22T20:00:00Z'>4h</time>",
    )
    ticker = f"<div>{link} {time}</div>"
    markup = _html(before="<p>2 March 2026, 06:30 GMT</p>").replace("<h1>", f"{ticker}<h1>")
    assert _article(page(markup)).published_at == "2026-03-02T06:30:00+00:00"


@pytest.mark.parametrize(
    ("node", "at"),
    [
        (
            """{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle",
            "headline": "Ferry sinks off Rivo", "datePublished": "2026-05-05T05:05:05Z"}]}""",
            "",
        ),
        ('{"@type": "VideoObject", "name": "WATCH: Night shift"}', ""),
        (
            """{"@context": "https://example.org/cambrian.jsonld", "title": "Blankets reach the district",
            "pubDate": "2026-03-02T08:15:00"}""",
            "2026-03-02T08:15:00+00:00",
        ),
    ],
    ids=["teasers", "video", "search engine"],
)
def test_json_ld_of_no_article(page: Callable[..., StoredPage], node: str, at: str) -> None:
    article = _article(page(_html(f"<script type='application/ld+json'>{node}</script>")))
    assert (article.title, article.published_at) == ("Blankets reach the district", at)


@pytest.mark.parametrize(
    ("title", "headings", "printed"),
    [
        (
            "Valley News: Goats for widows",
            "<h1>Valley News</h1><h2>Goats for widows</h2>",
            "Goats for widows",
        ),
        (
            "Sahel: women repair wells | Post",
            "<h1>Sahel</h1><h2>Sahel: women repair wells</h2>",
            "Sahel: women repair wells",
        ),
        (
            "Camp Eleven Notes: The tap is on",
            "<h1><a href='/'>Camp Eleven Notes</a></h1><h3>The tap is on</h3>",
            "The tap is on",
        ),
        (
            "Clinics reopen in the hills - World News",
            "<h1>Clinics reopen in the hills</h1><h2>World News</h2>",
            "Clinics reopen in the hills",
        ),
    ],
    ids=["site", "kicker", "linked site", "section behind"],
)
def test_the_printed_title(page: Callable[..., StoredPage], title: str, headings: str, printed: str) -> None:
    markup = f"<html><head><title>{title}</title></head><body>{headings}<div>{BODY}</div></body></html>"
    assert _article(page(markup)).title == printed


def test_a_foreign_canonical_address_is_not_taken(page: Callable[..., StoredPage]) -> None:
    head = "<link rel='canonical' href='https://elsewhere.example.com/a'>"
    article = _article(page(_html(head)))
    assert (article.canonical, article.url) == ("", "https://news.example.org/2024/a.html")


def test_site_rule_and_its_drift(page: Callable[..., StoredPage]) -> None:
    body = f"<div class='c'>{BODY}<p class='ad'>Buy a lamp</p></div>"
    markup = f"<html><head><title>Blankets reach the district</title></head><body>{body}</body></html>"
    ruled = _article(page(markup), SiteRules(content="div.c", drop=(".ad",)))
    drifted = _article(page(markup), SiteRules(content="div.gone"))
    assert (ruled.method, ruled.flags) == ("site_rule", ())
    assert "Buy a lamp" not in ruled.text
    assert (drifted.method, drifted.flags) == ("line_model", ("site_rule_drift",))


@pytest.mark.parametrize(
    ("head", "first", "byline"),
    [
        ("<meta name='author' content='newsroom'>", "某市9月1日电 (记者 王小明)当地向灾区捐款。", "王小明"),
        (
            "<meta name='author' content='某某新闻网'>",
            "某社某市9月1日电（王小明 李红）当地向灾区捐款。",
            "王小明 李红",
        ),
        ("<meta name='author' content='newsroom'>", "当地（原名某镇）向灾区捐款。", ""),
        ("<meta name='author' content='张三'>", "当地1日向灾区捐款。", "张三"),
    ],
)
def test_a_chinese_byline_is_a_person(head: str, first: str, byline: str) -> None:
    text = f"<p>{first}</p>" + "<p>救灾物资已于当天运抵各安置点，受灾群众都领到了帐篷、棉被和饮用水。</p>" * 4
    body = f"<html lang='zh'><head>{head}</head><body><h1>当地向灾区捐款捐物</h1>{text}</body></html>"
    page = StoredPage(
        "https://a.example/1", "https://a.example/1", body.encode(), "text/html; charset=utf-8", ""
    )
    assert _article(page).byline == byline


def test_the_outlet_that_published_first_is_the_origin() -> None:
    html = _html().replace("</body>", "<p>This article was first published by Harbour Wire.</p></body>")
    article = _article(
        StoredPage("https://a.example/1", "https://a.example/1", html.encode(), "text/html", "")
    )
    assert (article.origin, "first published" in article.text) == ("Harbour Wire", False)


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("Valley receives blankets", "Valley receives blankets"),
        ("Blankets reach the…", "Blankets reach the district"),
    ],
)
def test_a_stated_headline_is_the_title_unless_it_is_cut(headline: str, title: str) -> None:
    stated = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{headline}"}}</script>'
    page = StoredPage("https://a.example/1", "https://a.example/1", _html(stated).encode(), "text/html", "")
    assert _article(page).title == title


def test_credits_of_an_agency_are_facts(page: Callable[..., StoredPage]) -> None:
    lines = [f"<p>In village number {n} the team repaired the well and left medicine.</p>" for n in range(9)]
    credit = "<p>Reporting by Ada Lund and Ben Oye; Writing by Eve Roth; Editing by Tom Marsh</p>"
    answer = extract_page(page(f"<html><body><h1>Wells repaired</h1>{''.join(lines)}{credit}</body></html>"))
    assert isinstance(answer, Extracted), answer
    assert (answer.article.byline, answer.article.editor) == ("Ada Lund and Ben Oye", "Tom Marsh")
    assert "Reporting" not in answer.article.text


@pytest.mark.parametrize(
    ("line", "origin", "byline", "editor"),
    [
        ("来源：天河日报 作者：秦川 责任编辑：吴雨", "天河日报", "秦川", "吴雨"),
        ("来源：天河日报作者：秦川责任编辑：吴雨点击：233", "天河日报", "秦川", "吴雨"),
        ("作者：秦川 浏览次数：231", "", "秦川", ""),
        ("来源：天河日报 责任编辑：吴雨 李静", "天河日报", "", "吴雨 李静"),
        ("责任编辑：吴雨 打印", "", "", "吴雨"),
        ("Source: Xinmin Agency | 2026-03-02 08:15:33 | Editor: huaxia", "Xinmin Agency", "", "huaxia"),
        ("稿源：石榴云/天河日报 记者：秦川 发布时间：2026-03-02", "石榴云/天河日报", "秦川", ""),
    ],
)
def test_a_printed_name_ends_before_the_next_label(line: str, origin: str, byline: str, editor: str) -> None:
    assert (labelled("origin", [line]), labelled("byline", [line]), labelled("editor", [line])) == (
        origin,
        byline,
        editor,
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("天山网讯（记者秦川报道）3月1日，饲草送到村里。", "秦川"),
        ("天山网讯（记者 秦川 摄影报道）3月1日，饲草送到村里。", "秦川"),
        ("本报讯（记者 秦川 通讯员 李亮）3月1日，饲草送到村里。", "秦川 李亮"),
        ("天河网讯（全媒体记者阿依努尔·买买提）3月1日，饲草送到村里。", "阿依努尔·买买提"),
        ("天河网讯（记者 阿不都热依木·吐尔逊）3月1日，饲草送到村里。", "阿不都热依木·吐尔逊"),
        ("新华社记者秦川、李亮", "秦川、李亮"),
        ("村里很安静（记者们在现场看到）。", ""),
    ],
)
def test_the_reporter_of_a_chinese_text(line: str, names: str) -> None:
    assert reporter([line]) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Lena Fox, Health correspondent", "Lena Fox"),
        ("By Lena Fox and Ben Oye", "Lena Fox and Ben Oye"),
        ("Posted on February 12, 2026 by Mina Okafor", "Mina Okafor"),
        ("Par Hélène Roussel", "Hélène Roussel"),
        ("Por Julián Quispe | 09 de octubre de 2026, 13:20", "Julián Quispe"),
        ("Автор: Ирина Савельева, 14:05, 2 марта 2026", "Ирина Савельева"),
        ("2026年10月12日 15:40 天河日报 记者 沈北 通讯员 韩山", "沈北"),
        ("By Monday the road was open", ""),
        ("By the river, nine families wait", ""),
    ],
)
def test_a_printed_byline(line: str, names: str) -> None:
    assert printed_byline([line]) == names


def test_the_origin_is_not_that_of_a_related_card(page: Callable[..., StoredPage]) -> None:
    cards = "<h3>相关新闻</h3><div><a href='/1'>春耕物资备足</a><span>来源：邻县日报</span></div>"
    assert _article(page(_html().replace("</body>", f"{cards}</body>"))).origin == ""
    stated = "<meta name='source' content='原创稿'>"
    assert _article(page(_html(stated, "<p>2026-03-02 来源：天河日报</p>"))).origin == "天河日报"


@pytest.mark.parametrize(
    ("stated", "used"),
    [
        ("https://news.example.org/2024/a-story", "https://news.example.org/2024/a-story"),
        ("https://www.example.org/2024/a.html", "https://www.example.org/2024/a.html"),
        ("https://news.example.org/", ""),
        ("https://news.example.org/2024/", ""),
        ("https://news.example.org/2024/index.html", ""),
        ("https://elsewhere.example.com/2024/a.html", ""),
    ],
)
def test_a_canonical_address_is_on_the_site_and_no_section_of_it(
    page: Callable[..., StoredPage], stated: str, used: str
) -> None:
    assert _article(page(_html(f"<link rel='canonical' href='{stated}'>"))).canonical == used
