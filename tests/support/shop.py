"""The sample workspace of ``examples``, copied to where a test may do with it as it likes."""

import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from tests.support.tools import REPOSITORY

__all__ = ["copy_examples", "make_shop"]

EXAMPLES = REPOSITORY / "examples"


def make_shop() -> ModuleType:
    """The module ``examples/make_shop.py``; its ``build`` writes the database."""
    spec = spec_from_file_location("make_shop", EXAMPLES / "make_shop.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["make_shop"] = module
    spec.loader.exec_module(module)
    return module


def copy_examples(folder: Path) -> Path:
    """A copy of ``examples`` in *folder*, with a fresh database; the shop's own folder."""
    ignored = shutil.ignore_patterns("shop.db*", ".demo", "__pycache__")
    shutil.copytree(EXAMPLES, folder / "examples", ignore=ignored)
    make_shop().build(folder / "examples" / "shop" / "shop.db")
    return folder / "examples" / "shop"
