"""Who a name, an office or a pronoun stands for within one document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from trucewatch.collect.prose.mentions import Mention, Sort, side_of
from trucewatch.collect.prose.rules import Rules, people_patterns


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody who speaks, as far as the document says.

    Attributes:
        name: the fullest form printed; of an anonymous speaker, the words that hide it.
        office: as printed; empty where the document gives none.
        side: id of the party or body whose word stands in name or office.
        person: whether it is one person, whom a pronoun may stand for.
        narrator: it is the outlet or channel itself; the text names nobody.
    """

    name: str
    office: str = ""
    side: str = ""
    anonymous: bool = False
    person: bool = False
    narrator: bool = False


@dataclass(slots=True)
class Roster:
    """Everybody met so far in one document, the latest last."""

    rules: Rules
    known: list[Profile] = field(default_factory=list)
    last: Profile | None = None

    def meet(self, mention: Mention) -> None:
        """Remember a person who is named, speaking or not."""
        if mention.sort is Sort.PERSON:
            self._person(mention)

    def speaker(self, mention: Mention, before: str) -> Profile | None:
        """Who a mention stands for; ``None`` for a pronoun with nobody behind it.

        Args:
            mention: as the sentence has it.
            before: the words in front of it, for "the" or "a".
        """
        match mention.sort:
            case Sort.PRONOUN:
                return self._pronoun(mention)
            case Sort.PERSON:
                found = self._person(mention)
            case Sort.GROUP:
                found = self._group(mention, before)
            case Sort.BODY:
                found = Profile(mention.name, "", mention.side)
        if found.person:
            self.last = found
        return found

    def _pronoun(self, mention: Mention) -> Profile | None:
        if self.rules.pronouns.get(mention.name) == "group":
            groups = [one for one in self.known if not one.person]
            return groups[-1] if groups else None
        return self.last

    def _person(self, mention: Mention) -> Profile:
        surname = mention.name.split()[-1].lower()
        for at, one in enumerate(self.known):
            if one.person and surname in one.name.lower().split():
                fuller = max((one.name, mention.name), key=lambda n: len(n.split()))
                office = one.office or mention.office
                side = one.side or mention.side
                self.known[at] = replace(one, name=fuller, office=office, side=side)
                return self.known[at]
        side = mention.side or self._side_of_person(mention.name)
        made = Profile(
            mention.name, mention.office, side, mention.anonymous, person=True
        )
        self.known.append(made)
        return made

    def _side_of_person(self, name: str) -> str:
        found = (s for s, p in people_patterns(self.rules.language) if p.search(name))
        return next(found, "")

    def _group(self, mention: Mention, before: str) -> Profile:
        definite = bool(re.search(r"\b(?:the|le|la|l')\s*$", before, re.IGNORECASE))
        words = {w for w in re.findall(r"\w+", mention.office.lower())}
        titles = words & self.rules.titles
        if titles and definite and not mention.anonymous:
            for one in reversed(self.known):
                held = set(re.findall(r"\w+", one.office.lower()))
                if one.person and titles <= held and mention.side in ("", one.side):
                    return one
        name = re.sub(r"\s+(?:statement|communiqué)$", "", mention.name)
        article = re.search(r"\b(?:an?|un|une)\s+$", before, re.IGNORECASE)
        single = bool(article) and bool(titles or mention.anonymous)
        name = f"{article[0].strip()} {name}" if article and single else name
        side = mention.side or side_of(name, self.rules)
        made = Profile(name, mention.office, side, mention.anonymous, person=single)
        self.known.append(made)
        return made
