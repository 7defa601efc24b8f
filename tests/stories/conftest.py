"""A world of its own for each story, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stories.world import World


@pytest.fixture
def world(kind: str, new_database: Callable[[str], str], tmp_path: Path) -> Iterator[World]:
    """A bank with the cast in it; its server starts when the story says when it is."""
    made = World(new_database(kind), tmp_path)
    yield made
    made.stop()
