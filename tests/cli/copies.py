"""A gateway that has run is copied for each test: what one does is not seen by the next."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any


def copied(gateway: Callable[..., Any], ran: Path, folder: Path, *parts: str) -> Callable[..., Any]:
    """Copies the configuration and these parts of the folder in which a gateway ran; gives a way to ask the copy."""
    for part in (*parts, "config"):
        shutil.copytree(ran / part, folder / part)
    config = folder / "config"
    for file in (config / "gateway.yaml", *config.glob("partners/*.yaml")):
        file.write_text(file.read_text().replace(str(ran), str(folder)))
    return lambda *words: gateway(*words, "--config", config)
