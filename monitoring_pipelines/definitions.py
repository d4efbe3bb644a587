"""Code location of a checkout: every definition under its top-level `assets/` folder."""

from pathlib import Path

import dagster as dg

# Here and not inside defs(): the workspace's working directory is on sys.path only while Dagster
# imports this module, and first there, so that no other package named `assets` is taken.
import assets


@dg.definitions
def defs() -> dg.Definitions:
    """Load every folder of `assets/`."""
    return dg.load_from_defs_folder(path_within_project=Path(assets.__path__[0]).resolve())
