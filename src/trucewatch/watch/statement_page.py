"""Statements side by side as a page that works from disk, without scripts."""

from __future__ import annotations

from jinja2 import Environment, StrictUndefined

from trucewatch.collect.observation import Observation, Statement
from trucewatch.grade.renderings import Rendered
from trucewatch.watch.side_by_side import (
    claim_lines,
    differs,
    entry_lines,
    head_line,
)
from trucewatch.watch.statements import Heard

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Statements side by side</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body{font:16px/1.45 system-ui,sans-serif;max-width:75rem;margin:1rem auto}
body{padding:0 1rem}
section{border-top:1px solid #bbb;padding:.6rem 0}
.prints{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
blockquote{margin:.3rem 0;padding-left:.7rem;border-left:3px solid #888}
.differs{background:#f4f1e4;padding:.4rem .7rem}
h3{font-size:1rem;margin:.4rem 0}ul{margin:.2rem 0}
</style></head><body>
<h1>Statements side by side</h1>
{% for one in problems %}<p><strong>{{ one }}</strong></p>
{% endfor %}<p>What is below is what was said and printed, not what happened.</p>
{% for one in statements %}<section>
<h2>{{ loop.index }}. {{ one.title }}</h2>
{% if one.differences %}<div class="differs"><ul>
{% for line in one.differences %}<li>{{ line }}</li>{% endfor %}</ul></div>{% endif %}
<div class="prints">{% for outlet, prints in one.columns %}<div><h3>{{ outlet }}</h3>
{% for p in prints %}<p>{{ p.head }}</p>
{% for words in p.words %}<blockquote dir="auto">{{ words }}</blockquote>{% endfor %}
{% if p.claims %}<ul>{% for c in p.claims %}<li>{{ c }}</li>{% endfor %}</ul>{% endif %}
{% endfor %}</div>{% endfor %}</div></section>
{% endfor %}
{% if complements %}<section><h2>What only one outlet has</h2><ul>
{% for line in complements %}<li>{{ line }}</li>{% endfor %}</ul></section>{% endif %}
<section><h2>Register of subjects</h2>
{% for lines in register %}<h3>{{ lines[0] }}</h3><ul>
{% for line in lines[1:] %}<li>{{ line }}</li>{% endfor %}</ul>{% endfor %}</section>
<section><h2>Left out</h2><ul>
{% for line in left_out %}<li>{{ line }}</li>{% endfor %}</ul></section>
</body></html>
"""


def as_page(heard: Heard) -> str:
    """The page; all that others wrote is escaped."""
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        _PAGE
    )
    return template.render(
        problems=heard.problems,
        statements=[_section(one, heard) for one in heard.spoken.rendered],
        complements=[differs(one, heard) for one in heard.spoken.complements],
        register=[
            [x.strip() for x in entry_lines(one)] for one in heard.spoken.register
        ],
        left_out=[f"{name}, {one.where}: {one.why}" for name, one in heard.silent],
    )


def _section(one: Rendered, heard: Heard) -> dict[str, object]:
    many = len(one.outlets) > 1
    title = (
        f"one statement in {len(one.outlets)} outlets" if many else "one outlet only"
    )
    columns = [
        (name or "one source", [_print(p, heard) for p in one.prints if _of(p) == name])
        for name in one.outlets
    ]
    told = [differs(d, heard) for d in one.differences]
    return {"title": title, "differences": told, "columns": columns}


def _of(one: Observation) -> str:
    return one.result.outlet if isinstance(one.result, Statement) else ""


def _print(one: Observation, heard: Heard) -> dict[str, object]:
    said = one.result
    text = said.text if isinstance(said, Statement) else ""
    claims = claim_lines(said) if isinstance(said, Statement) else []
    words = list(heard.quoted.get(one.id, ())) or [text]
    return {"head": head_line(one), "words": words, "claims": claims}
