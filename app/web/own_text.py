"""What somebody wrote themselves, as HTML that cannot do anything."""

from functools import lru_cache
from unicodedata import category

from markdown_it import MarkdownIt
from markupsafe import Markup

# No raw HTML, no pictures (they would be asked of others), no headings (the page has its own), and no
# blocks of code: four spaces before a line are a slip.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(
    ["html_block", "html_inline", "image", "heading", "lheading", "code"]
)


# The same few texts are shown at every review.
@lru_cache(maxsize=1024)
def own_html(text: str) -> Markup:
    """A learner's own Markdown; nothing for an empty text."""
    html: str = _MARKDOWN.render(text)
    return Markup(html.replace("<a href", '<a rel="noreferrer nofollow" href'))


def readable_text(given: str) -> str:
    """A text from a form, with plain line ends and without what only a terminal would obey."""
    lines = given.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or not _is_control(each)).strip()


def _is_control(character: str) -> bool:
    return category(character) in ("Cc", "Cs") or character in _TURNS


# They turn the direction of all that follows, also of what is ours.
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
