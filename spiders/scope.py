"""Which addresses belong to a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from spiders.listing import one_line
from storage.addresses import AddressError, site_of, url_key
from storage.visits import Link

if TYPE_CHECKING:
    from spiders.sources import Source
    from storage.models import Hint

_HOME = re.compile(r"[^/]+/(?:(?:index|default|home)\.\w{3,5})?", re.IGNORECASE)


def _page_key(url: str) -> str:
    try:
        return url_key(url)
    except AddressError:
        return ""


class Scope:
    """A source's sites and its allow and deny rules."""

    def __init__(self, source: Source) -> None:
        discover = source.discover
        known = [source.homepage, *discover.feeds, *discover.sitemaps]
        known += [page.url for page in discover.lists] + [rows.url for rows in discover.json]
        self._sites = {site_of(urlsplit(url).hostname or "") for url in known}
        self._sites |= {site_of(host) for host in discover.sites}
        self._fronts = {_page_key(url.replace("{page}", "1")) for url in known}
        self._allow = [re.compile(rule) for rule in discover.allow]
        self._deny = [re.compile(rule) for rule in discover.deny]

    def on_site(self, url: str) -> bool:
        """Whether the address is on one of the source's sites."""
        return site_of(urlsplit(url).hostname or "") in self._sites

    def is_front(self, url: str) -> bool:
        """Whether an address is a site's home page, or one of the source's pages that list articles."""
        return bool(_HOME.fullmatch(_page_key(url))) or _page_key(url) in self._fronts

    def child(self, base: str, href: str) -> str:
        """The address of a further index document that ``href`` names, empty if it is unusable."""
        try:
            url = urljoin(base, href.strip()).partition("#")[0]
            url_key(url)
        except (AddressError, ValueError):
            return ""
        return url if self.on_site(url) else ""

    def link(self, base: str, href: str, hint: Hint) -> Link:
        """The link that ``href`` makes in a document at ``base``, ended at once if it is not usable
        (``bad_url``) or not the source's (``off_site``)."""
        try:
            url = urljoin(base, href.strip())
            url_key(url)
        except (AddressError, ValueError) as error:
            return Link(one_line(href) or base, hint, "bad_url", one_line(str(error)))
        url = url.partition("#")[0]
        if not self.on_site(url):
            return Link(url, hint, "off_site", "on another site")
        if self._allow and not any(rule.search(url) for rule in self._allow):
            return Link(url, hint, "off_site", "matches no allow rule")
        if any(rule.search(url) for rule in self._deny):
            return Link(url, hint, "off_site", "matches a deny rule")
        return Link(url, hint)
