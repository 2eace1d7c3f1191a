"""The page: from stored bytes to an article. trafilatura lives only here."""
