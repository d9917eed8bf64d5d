"""Columns and cells that would tell who a participant is: refused, because no analysis needs them."""

import re
import unicodedata

WORDS = {
    "a name": "name surname forename firstname lastname givenname familyname nachname vorname initials nombre apellido "
              "apellidos prenom nomdefamille naam voornaam achternaam cognome navn fornavn etternavn efternamn",
    "a birth date": "dob yob birthday birthdate birthyear birthmonth dateofbirth yearofbirth geburtsdatum geburtsjahr "
                    "geburtstag fechadenacimiento fechanacimiento datedenaissance datenaissance geboortedatum "
                    "geboortejaar datadinascita datadenascimento fodselsdato fodelsedatum",
    "an e-mail address": "email mail correo courriel",
    "a telephone number": "phone telephone mobile fax phonenumber telefon telefono telefone telefoon handynummer",
    "an address": "address street city town zip zipcode postcode postalcode plz strasse anschrift adresse adres "
                  "direccion indirizzo endereco wohnort postleitzahl",
    "a number of a register": "ssn nhs mrn passport insurance hospitalnumber recordnumber bsn dni cpf personnummer "
                              "fodselsnummer codicefiscale",
}  # fmt: skip
BY_WORD = {word: reason for reason, words in WORDS.items() for word in words.split()}
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
BIRTH_DATE = r"(19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](19|20)?\d\d"
TELEPHONE = r"\+\d[\d ()/-]{6,}|0\d{1,5}[ /-]\d[\d -]{4,}"
NAME = r"\p{Lu}\p{Ll}+[, ]+(\p{Lu}\.? )?\p{Lu}\p{Ll}+"
CELLS = {"an e-mail address": EMAIL, "a date": BIRTH_DATE, "a telephone number": TELEPHONE, "a name": NAME}


def identifies(column: str) -> str | None:
    """Return what a column's name says it holds, where that would tell who somebody is; None where it would not."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    words = re.split(r"[^a-z]+", plain_letters(spaced))
    joined = ["".join(words[start : start + length]) for length in (1, 2, 3) for start in range(len(words))]
    reason = next((BY_WORD[word] for word in joined if word in BY_WORD), None)
    return f"which looks like {reason}" if reason else None


def plain_letters(text: str) -> str:
    """Return a text in small letters without their accents."""
    parted = unicodedata.normalize("NFKD", text.casefold().replace("\u00f8", "o"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
