"""A small news world on loopback: seven invented outlets in the markup of real sites.

``pages/<outlet>/`` holds what each serves, at its own path. A page that starts with a comment of
``field: value`` lines is set into the skeleton that it names; every other file is served as it is.
``answers.json`` names the addresses that answer with something else than a page, ``expected.json``
says what a perfect run makes of every address, and ``server.py`` serves it all.
"""
