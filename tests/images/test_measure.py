"""Many images to columns."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from monitoring_pipelines.images.broken import Reason
from monitoring_pipelines.images.measure import Item, Limits, column_names, measure
from monitoring_pipelines.images.properties import PROPERTIES
from tests.images.pictures import file, pixels, scene

LIMITS = Limits(10**6, 10**6)


def test_each_image_has_the_properties_of_itself() -> None:
    """Whatever stands beside it, and in whatever order."""
    scenes = [scene(seed, side) for seed, side in enumerate([16, 40, 16, 64, 40] * 20)]
    found = measure([Item(str(i), file(one)) for i, one in enumerate(scenes)], None, LIMITS)
    assert found.keys == [str(i) for i in range(100)]
    assert set(found.reasons) == {""}
    assert set(found.columns) == {*column_names()}
    for place in (0, 33, 99):
        alone = pixels(scenes[place])
        for one in PROPERTIES.values():
            assert found.columns[one.column][place] == pytest.approx(
                one.compute(alone)[0], rel=1e-5
            )
        assert found.columns["image_width"][place] == scenes[place].shape[1]
        assert found.columns["image_aspect_ratio"][place] == 1
        assert found.columns["image_format"][place] == "PNG"


def test_broken_images_are_set_aside_and_the_others_go_on() -> None:
    items = [
        Item("fine", file(scene())),
        Item("none", None),
        Item("text", b"no picture"),
        Item("large", b"x" * (10**6 + 1)),
        Item("bomb", file(np.zeros((1001, 1000)))),
    ]
    found = measure(items, None, LIMITS)
    reasons = ["", Reason.NO_NAME, Reason.NO_IMAGE, Reason.TOO_LARGE, Reason.TOO_MANY_PIXELS]
    assert found.reasons == [str(reason) for reason in reasons]
    assert np.isnan(found.columns["image_brightness"]).tolist() == [False] + [True] * 4
    assert found.columns["image_format"].tolist() == ["PNG"] + [None] * 4


def test_no_images() -> None:
    found = measure([], None, LIMITS)
    assert found.keys == []
    assert all(len(values) == 0 for values in found.columns.values())
    assert found.thumbnails.shape == (0, 72)


def test_every_property_stays_in_its_bounds() -> None:
    rng = np.random.default_rng(0)
    arrays = [np.zeros((9, 9)), np.full((9, 9), 255), rng.integers(0, 256, (9, 9))]
    arrays += [np.zeros((1, 1)), np.full((2, 7), 9), np.eye(12) * 255]
    coloured = [np.repeat(one[..., None], 3, axis=2) for one in arrays]
    coloured += [rng.integers(0, 256, (9, 9, 3))]
    for array in (*arrays, *coloured):
        for one in PROPERTIES.values():
            (value,) = one.compute(pixels(array))
            assert np.isnan(value) or one.bounds[0] <= value <= one.bounds[1], one.name


def test_grey_in_colour_is_grey() -> None:
    """A grey picture saved in colour has the same properties."""
    grey = np.asarray(Image.fromarray(scene()).convert("L"))
    colour = np.repeat(grey[..., None], 3, axis=2)
    for one in PROPERTIES.values():
        alike = one.compute(pixels(grey)), one.compute(pixels(colour))
        assert alike[0] == pytest.approx(alike[1], abs=1e-6), one.name
