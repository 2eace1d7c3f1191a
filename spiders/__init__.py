"""The web: from a source to stored pages. Scrapy lives only here."""
