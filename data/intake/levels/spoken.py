"""The language of a file's words, as far as they tell it: it settles what a single letter means.

Names of columns are often English wherever a file comes from, so English is never told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data.intake.names import normalised
from data.reading.limits import quoted
from data.variable import words

_WORDS: Mapping[str, tuple[str, ...]] = {
    "German": words(
        "ja nein nie alter geschlecht seite mann frau mannlich maennlich weiblich links rechts "
        "behandlung kontrolle kontrollgruppe zentrum aufnahme entlassung verschluss verschlussort "
        "infarktvolumen unbekannt tod volumen blutzucker tage monate vor nach"
    ),
    "French": words(
        "oui sexe cote gauche droite temoin controle traitement bras deces inconnu entree "
        "sortie groupe glycemie jours mois anevrisme lateralite apres avant"
    ),
    "Spanish": words(
        "si edad sexo lado izquierda derecha izquierdo derecho hombre mujer tratamiento grupo "
        "ingreso alta fecha brazo muerte desconocido volumen meses despues antes"
    ),
    "Italian": words(
        "si eta sesso lato sinistra destra sinistro destro maschio femmina trattamento gruppo "
        "controllo ricovero dimissione braccio decesso ignoto mesi giorni prima dopo"
    ),
    "Portuguese": words(
        "sim nao idade sexo lado esquerda direita esquerdo direito homem mulher tratamento grupo "
        "admissao obito desconhecido meses antes depois"
    ),
    "Dutch": words(
        "ja nee leeftijd geslacht zijde links rechts man vrouw behandeling controle opname "
        "ontslag onbekend ziekenhuis maanden dagen voor overleden"
    ),
    "Danish": words(
        "ja nej alder kon mand kvinde venstre hojre behandling indlaeggelse udskrivelse ukendt "
        "maneder dage efter dod"
    ),
    "Norwegian": words(
        "ja nei alder kjonn mann kvinne venstre hoyre behandling innkomst innleggelse utskrivning "
        "ukjent maneder dager etter dod"
    ),
    "Swedish": words(
        "ja nej alder kon man kvinna vanster hoger behandling inkomst utskrivning okand manader "
        "dagar efter dod"
    ),
    "Polish": words(
        "tak nie wiek plec strona kobieta mezczyzna lewa prawa leczenie kontrola zgon nieznany"
    ),
}
"""Words of names and values by which a language is known, without accents."""

_WEAK = frozenset(words("alter man mann si sim eta tod prima tak nie vor"))
"""Such of them as stand for something else in other files too: no evidence alone."""
_FEWEST = 2
_MOST_VALUES = 30
_SHOWN = 3


@dataclass(frozen=True)
class Spoken:
    """The languages in which all words of a file make sense, and the words that tell."""

    languages: frozenset[str] = frozenset()
    told_by: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return the evidence as a decision names it."""
        shown = ", ".join(quoted(word) for word in self.told_by[:_SHOWN])
        return f"the file's other words are {' or '.join(sorted(self.languages))} ({shown})"


NOT_TOLD = Spoken()


def spoken_in(frame: pd.DataFrame, beside: str) -> Spoken:
    """Return the language of a table's names and values, those of one column left aside.

    Returns
    -------
    Spoken
        `NOT_TOLD` where fewer than two words tell a language, or words contradict each other.
    """
    found: dict[str, str] = {}
    for name in frame.columns:
        if name == beside:
            continue
        values = frame[name].dropna().unique()
        texts = [str(name), *(str(value) for value in values if len(values) <= _MOST_VALUES)]
        for text in texts:
            for word in normalised(text).split("_"):
                found.setdefault(word, text)
    telling = {word: text for word, text in found.items() if _languages_of(word)}
    sure = [word for word in telling if word not in _WEAK]
    if len(telling) < _FEWEST or not sure:
        return NOT_TOLD
    languages = frozenset.intersection(*(_languages_of(word) for word in telling))
    told_by = tuple(dict.fromkeys(telling[word] for word in (*sure, *telling)))
    return Spoken(languages, told_by) if languages else NOT_TOLD


def _languages_of(word: str) -> frozenset[str]:
    return frozenset(language for language, known in _WORDS.items() if word in known)
