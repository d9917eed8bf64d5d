"""What the program has to be told: asked in a terminal, and a fault with the exact option where nobody can answer."""

from dataclasses import dataclass

from analysis.faults import Fault


@dataclass(frozen=True)
class Question:
    """One thing that nobody may guess: the option that answers it, and what is asked.

    Args:
        option: The option, such as "--arm"; its value is `word=ANSWER`, or the answer alone without a word.
        word: The word of the source that is asked about; None for a thing about the whole file.
        found: What stands in the source, as a fault says it.
        asked: What is allowed or wanted, in a sentence without its full stop.
        choices: The answers that are allowed; empty for any.
        suggested: The likely answer, which a person has to confirm.
        shape: What an answer looks like, where none is likely.
    """

    option: str
    word: str | None
    found: str
    asked: str
    choices: tuple[str, ...] = ()
    suggested: str | None = None
    shape: str = "CODE"

    def fault(self, where: str) -> Fault:
        answer = self.suggested or self.shape
        value = answer if self.word is None else f"{self.word}={answer}"
        quoted = value if all(letter.isalnum() or letter in "=._-" for letter in value) else f"'{value}'"
        choices = f": {', '.join(self.choices)}" if self.choices else ""
        return Fault(where, self.found, f"{self.asked}{choices}", fix=f"Say it with {self.option} {quoted}")
