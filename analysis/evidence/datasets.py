"""All of data/raw: read, checked, and handed on as one noun, or refused with every fault."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from analysis.evidence.codebook import Codebook
from analysis.evidence.contract import CONTRACTS, PARTICIPANTS, TABLES
from analysis.evidence.corrections import corrected, read_corrections
from analysis.evidence.double_extraction import read_double
from analysis.evidence.gathered import Evidence
from analysis.evidence.metadata import read_metadata
from analysis.evidence.participants.declared import FILES, with_scale
from analysis.evidence.participants.folder import read_participants
from analysis.evidence.reading import CORRECTIONS, METADATA, hashes_of, read_names, read_table
from analysis.evidence.risk_of_bias import check_studies, in_words_of
from analysis.evidence.rows import read_rows
from analysis.evidence.waiting import without_rows_to_fill
from analysis.faults import Fault
from analysis.results import Dataset, FileHash

NONE_KNOWN: Mapping[str, Dataset] = {}
Hashes = Callable[[], tuple[FileHash, ...]]


def read_evidence(
    data: Path, codebook: Codebook | None, known: Mapping[str, Dataset] = NONE_KNOWN
) -> tuple[Evidence | None, list[Fault]]:
    """Return all evidence below a review's data folder, or None and every fault of every folder.

    Args:
        data: The folder that holds raw/.
        codebook: The review's codes; None when they could not be read: rows are then not checked.
        known: Datasets read before, by id: a folder whose files have the same hashes is not read again.
    """
    folders, faults = dataset_folders(data / "raw"), stray_files(data / "raw", f"{data.name}/raw")
    if not folders:
        allowed = "Each source has a folder with metadata.toml and a table"
        faults.append(Fault(f"{data.name}/raw", "no dataset", allowed))
    datasets, rows = [], {name: [] for name in TABLES}
    for folder in folders:
        where = f"{data.name}/raw/{folder.name}"
        dataset, read, found = read_folder(folder, where, codebook, known.get(folder.name))
        faults += found
        if dataset is not None and codebook is not None:
            double, found = read_double(data, dataset, codebook)
            dataset = replace(dataset, double=double)
            faults += found
        datasets.append(dataset)
        for name in TABLES:
            rows[name] += read.get(name, [])
    if faults or codebook is None:
        return None, faults
    return Evidence(codebook, tuple(datasets), *(tuple(rows[name]) for name in TABLES)), []


def read_folder(
    folder: Path, where: str, codebook: Codebook | None, known: Dataset | None = None
) -> tuple[Dataset | None, dict[str, list], list[Fault]]:
    """Return one folder as a dataset with the rows of each table, and every fault of it."""
    dataset, faults = read_dataset(folder, where, codebook, known)
    if dataset is None or codebook is None:
        return dataset, {}, faults
    rows, found = read_all_rows(dataset, codebook, where)
    return dataset, rows, faults + found


def stray_files(raw: Path, where: str) -> list[Fault]:
    """Return a fault for each file that lies beside the folders of the datasets, where nobody would read it."""
    if not raw.is_dir():
        return []
    stray = sorted(path.name for path in raw.iterdir() if not path.is_dir() and not path.name.startswith("."))
    return [
        Fault(f"{where}/{name}", "a file beside the datasets", "A table lies in a dataset's folder") for name in stray
    ]


def dataset_folders(raw: Path) -> list[Path]:
    """Return the folders of data/raw in the order of their names; hidden ones are passed over."""
    if not raw.is_dir():
        return []
    return sorted(path for path in raw.iterdir() if path.is_dir() and not path.name.startswith("."))


def read_dataset(
    folder: Path, where: str, codebook: Codebook | None, known: Dataset | None = None
) -> tuple[Dataset | None, list[Fault]]:
    """Return one folder as a dataset, or None and what keeps it from being read."""
    names, faults = read_names(folder, where)
    with hashing(folder, names) as hashes:
        if known is not None and not faults and known.files == hashes() and speaks(known, codebook):
            return known, []
        return read_files(folder, where, codebook, names, hashes, faults)


@contextmanager
def hashing(folder: Path, names: tuple[str, ...]) -> Iterator[Hashes]:
    """Hash files: participants, who may fill a large one, while DuckDB reads them, and all others at once.

    A thread for each of a thousand folders of small files would take longer than hashing them does.
    """
    if not set(FILES) & set(names):
        hashes = hashes_of(folder, names)
        yield lambda: hashes
        return
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(hashes_of, folder, names).result


def read_files(
    folder: Path, where: str, codebook: Codebook | None, names: tuple[str, ...], hashes: Hashes, faults: list[Fault]
) -> tuple[Dataset | None, list[Fault]]:
    """Return what the files of a folder say, or None and what keeps it from being read."""
    metadata, found = read_metadata(folder / METADATA, f"{where}/{METADATA}", codebook)
    faults += found
    tables = []
    for contract in TABLES.values():
        if contract.file in names:
            table, found = read_table(folder / contract.file, f"{where}/{contract.file}", contract)
            faults += found
            tables.append(table)
    if metadata:
        summaries, found = read_participants(folder, where, set(names), metadata)
        faults += found
        if not faults:
            tables, faults = without_rows_to_fill(metadata, tables, where)
        tables += summaries
    if metadata and not tables and not faults and metadata.study.status == "extracted":
        files = ", ".join((*(table.file for table in TABLES.values()), *FILES))
        words = f'A dataset has one of {files}, or status = "awaiting-extraction"'
        faults.append(Fault(where, "no table", words))
    if metadata:
        faults += check_studies(metadata.risk_of_bias, filter(None, tables), f"{where}/{METADATA}")
    corrections = ()
    if CORRECTIONS in names and not faults:
        corrections, faults = read_corrections(folder / CORRECTIONS, f"{where}/{CORRECTIONS}", tables)
    if faults:
        return None, faults
    return Dataset(folder.name, metadata, hashes(), tuple(tables), corrections), []


def speaks(known: Dataset, codebook: Codebook | None) -> bool:
    """Return whether the words of a dataset read before still mean the same in the vocabulary."""
    people = known.metadata.participants
    return codebook is not None and (
        all(arm.treatment is None or arm.treatment in codebook.treatments for arm in known.metadata.arms)
        and all(one.outcome is None or one.outcome in codebook.outcomes for one in known.metadata.risk_of_bias)
        and in_words_of(known.metadata.risk_of_bias, codebook)
        and all(with_scale(one, codebook) == one for one in (people.outcomes if people else ()))
    )


def read_all_rows(dataset: Dataset, codebook: Codebook, where: str) -> tuple[dict[str, list], list[Fault]]:
    """Return the rows of each table of a dataset by the table's name, and every fault of them."""
    rows, faults = {name: [] for name in TABLES}, []
    for table in dataset.tables:
        if table.name not in CONTRACTS:
            continue  # covariates are shown and not analysed
        mended = corrected(table, dataset.corrections)
        read, found = read_rows(dataset, mended, codebook, f"{where}/{CONTRACTS[table.name].file}")
        rows["arms" if table.name == PARTICIPANTS.name else table.name] += read
        faults += found
    return rows, faults
