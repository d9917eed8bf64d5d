"""Keep what second programs answer to our exports: `python -m tests.keep_references` (pandoc, and R with metafor)."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.bibliography import FORMATS
from analysis.report.r_script import group_script, r_script
from tests.fixtures_bcg import bcg_result
from tests.fixtures_references import REFERENCES
from tests.model_runs import share_run

FOLDER = Path(__file__).parent / "reference"


def pandoc(text: str, form: str) -> list:
    """Return a bibliography as pandoc reads it, in CSL-JSON."""
    command = ["pandoc", "-f", {"bibtex": "bibtex", "csl": "csljson"}[form], "-t", "csljson"]
    return json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    read = {form: pandoc(FORMATS[form](REFERENCES), form) for form in ("bibtex", "csl")}
    version = subprocess.run(["pandoc", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    text = json.dumps({"program": version, **read}, indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / "bibliography" / "pandoc.json").write_text(f"{text}\n", encoding="utf-8")
    keep_script("bcg-vs-none", r_script(bcg_result(), "RUN-ID"))
    with TemporaryDirectory() as folder:
        keep_script("one-group", group_script(share_run(Path(folder)).groups[0], "RUN-ID"))


def keep_script(name: str, text: str) -> None:
    """Keep a script and what R answers to it."""
    script = FOLDER / "scripts" / f"{name}.R"
    script.write_text(text, encoding="utf-8")
    answer = subprocess.run(["Rscript", script.name], cwd=script.parent, capture_output=True, text=True, check=True)
    (script.parent / "Rplots.pdf").unlink(missing_ok=True)
    script.with_suffix(".txt").write_text(answer.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
