"""Columns and cells that would tell who a participant is: refused, because no analysis needs them."""

import re

WORDS = {
    "a name": "name surname forename firstname lastname givenname familyname nachname vorname initials",
    "a birth date": "dob yob birthday birthdate birthyear birthmonth dateofbirth yearofbirth geburtsdatum",
    "an e-mail address": "email mail",
    "a telephone number": "phone telephone mobile fax phonenumber",
    "an address": "address street city town zip zipcode postcode postalcode plz",
    "a number of a register": "ssn nhs mrn passport insurance hospitalnumber recordnumber",
}
BY_WORD = {word: reason for reason, words in WORDS.items() for word in words.split()}
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
BIRTH_DATE = r"(19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](19|20)?\d\d"
TELEPHONE = r"\+\d[\d ()/-]{6,}|0\d{1,5}[ /-]\d[\d -]{4,}"
NAME = r"\p{Lu}\p{Ll}+[, ]+(\p{Lu}\.? )?\p{Lu}\p{Ll}+"
CELLS = {"an e-mail address": EMAIL, "a date": BIRTH_DATE, "a telephone number": TELEPHONE, "a name": NAME}


def identifies(column: str) -> str | None:
    """Return what a column's name says it holds, where that would tell who somebody is; None where it would not."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    words = re.split(r"[^a-z]+", spaced.lower())
    joined = ["".join(words[start : start + length]) for length in (1, 2, 3) for start in range(len(words))]
    reason = next((BY_WORD[word] for word in joined if word in BY_WORD), None)
    return f"which looks like {reason}" if reason else None
