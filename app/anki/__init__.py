"""Packages of Anki (.apkg, .colpkg): written, and read back with care.

The format is that of Anki's own source and of packages it wrote; nothing of Anki is imported here
(it is AGPL), it is the judge in the tests. What we write is schema 11 in a plain zip, which every Anki
since 2018 reads; what we read is everything Anki writes: `docs/decisions/0012-anki.md`.
"""
