"""The files: archive, batches and database. SQLite lives only here."""
