"""The benchmarks, each beside its peer in the same run: `make bench`.

`scene.py` makes the course and the learners that all of them stand on, `measure.py` takes turns
and compares; the others are what is measured. What came out: `docs/performance.md`.
"""
