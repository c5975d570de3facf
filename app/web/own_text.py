"""What somebody wrote themselves, as HTML that cannot do anything."""

from functools import lru_cache

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
