"""A gateway that has run is copied for each test: what one does is not seen by the next."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.messages import itmatt
from tests.cli.test_state import configured


def ran_once(program: Callable[..., Any], folder: Path, parcels: int) -> Path:
    """A gateway that has taken one message of so many parcels and declared them; its configuration."""
    config = configured(folder)
    (folder / "post/out/a.xml").write_text(itmatt(parcels))
    assert program(folder, "run", "--once", "--config", config).code == 0
    return config


def copied(gateway: Callable[..., Any], ran: Path, folder: Path, *parts: str) -> Callable[..., Any]:
    """Copies the configuration and these parts of the folder in which a gateway ran; gives a way to ask the copy."""
    for part in (*parts, "config"):
        shutil.copytree(ran / part, folder / part)
    config = folder / "config"
    for file in (config / "gateway.yaml", *config.glob("partners/*.yaml")):
        file.write_text(file.read_text().replace(str(ran), str(folder)))
    return lambda *words: gateway(*words, "--config", config)
