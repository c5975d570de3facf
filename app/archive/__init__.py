"""A learner's own files: a zip with everything, the log as lines of JSON, tables for a spreadsheet.

What comes in was on somebody else's machine: nothing is unpacked by its name, and nothing without
a limit.
"""
