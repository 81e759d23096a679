"""The demonstration's stage, on which each administration says what a test wants."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gateway.demo.scene import STAGE

UK, DK = "uk-customs", "dk-customs"
RELEASED_AFTER_CONTROL = {
    "rules": [],
    "courses": [
        {
            "share": 1,
            "answers": [{"say": "accepted"}, {"say": "controlled", "after": 0.4}, {"say": "released", "after": 1.2}],
        }
    ],
}


def staged(folder: Path, **changes: Mapping[str, Any]) -> Path:
    """A copy of the stage with other words in the scripts of its administrations (`uk_customs`, `dk_customs`)."""
    stage = folder / "stage"
    shutil.copytree(STAGE, stage)
    for name, words in changes.items():
        script = stage / name.replace("_", "-") / "script.yaml"
        said = YAML(typ="safe").load(script)
        script.write_text(json.dumps({**said, **words}))  # JSON is YAML
    return stage
