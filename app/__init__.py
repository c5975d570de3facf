"""Haven: a spaced-repetition course in psychoeducation about attachment.

The map. A layer imports only layers below it; siblings on a line never import each other
(`pyproject.toml` holds the contracts, `make check` tries them).

    __main__                            every command; reads the clock and the environment
    web | worker                        HTTP (Flask) | the timetable (APScheduler)
    settings                            environment -> one frozen value
    usecases                            one file per thing that happens: read, decide, write
    storage | mail | content | secrets  SQL (peewee) | SMTP | course files | passwords and keys
      | anki | optimizer                | packages of Anki (.apkg) | fitting FSRS (fsrs-rs, an extra)
    archive                             files of people: zip, JSON, CSV, XLSX
    learning                            the rules: plain functions over plain values

Below the entry points `now` is an argument, and what comes out of `storage` is a frozen
dataclass of `learning`. One topic keeps one word in every layer: `git ls-files | grep review`.
Start reading at `usecases/record_reviews.py`: one grade, from wire to due date.
"""
