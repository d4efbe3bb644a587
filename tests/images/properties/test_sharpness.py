"""The property: sharpness."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter
from scipy.ndimage import laplace

from monitoring_pipelines.images.properties.sharpness import sharpness
from tests.images.pictures import pixels, scene


def test_it_is_the_variance_of_scipys_laplacian() -> None:
    grey = np.asarray(Image.fromarray(scene(side=40)).convert("L")).astype(float)
    expected = laplace(grey)[1:-1, 1:-1].var() / grey.var()
    assert sharpness(pixels(grey)) == pytest.approx(expected, rel=1e-5)


def test_of_uncorrelated_pixels_it_is_twenty() -> None:
    """16 + 4 variances over one; 254 x 254 draws, of which every fifth row is looked at."""
    noise = np.random.default_rng(0).integers(0, 256, (256, 256))
    assert sharpness(pixels(noise)) == pytest.approx(20, rel=0.05)


def test_blur_lowers_it_and_exposure_does_not_matter() -> None:
    image = Image.fromarray(scene(side=16)).convert("L").resize((64, 64), Image.Resampling.NEAREST)
    blurred = image.filter(ImageFilter.GaussianBlur(2))
    sharp, soft, dark = sharpness(
        pixels(np.asarray(image), np.asarray(blurred), np.asarray(image) // 2)
    )
    assert soft < sharp / 2
    assert dark == pytest.approx(sharp, rel=0.2)  # but for halves that were rounded


def test_one_grey_and_two_rows_have_none() -> None:
    assert np.isnan(sharpness(pixels(np.full((5, 5), 9)))).all()
    assert np.isnan(sharpness(pixels(np.arange(10).reshape(2, 5)))).all()
