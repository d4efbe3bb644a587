"""Write the exact names that a model file may use: `security/artefacts/allowed.json`.

.venv/bin/python scripts/allowed_globals.py

Estimators, and what they are made of, are taken from the installed scikit-learn, numpy, scipy and
pandas; the rest is listed here. None of them runs code of a file: classes that keep what they are
given, and constructors of arrays. A name that takes a function by its name (`getattr`, `partial`,
`import_module`, `joblib.load`) is never among them.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "monitoring_pipelines" / "security" / "artefacts" / "allowed.json"
PLAIN = (
    "object list dict set frozenset tuple int float complex bool str bytes bytearray slice range"
)
BY_HAND = {
    "builtins": PLAIN,
    "__builtin__": f"{PLAIN} long unicode xrange",  # protocols 0 to 2
    "copyreg": "_reconstructor __newobj__ __newobj_ex__",
    "copy_reg": "_reconstructor __newobj__",
    "_codecs": "encode",  # bytes in protocol 2
    "collections": "OrderedDict defaultdict deque Counter",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "uuid": "UUID SafeUUID",
    "zoneinfo": "ZoneInfo._unpickle",
    "joblib.numpy_pickle": "NumpyArrayWrapper",
    "numpy": "dtype ndarray float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 "
    "uint64 bool bool_ str_ datetime64 timedelta64 longdouble complex64 complex128 log log1p log2 "
    "log10 exp expm1 sqrt square abs absolute mean median sum min max nan_to_num",
    "numpy.dtypes": "StringDType",
    "numpy.ma.core": "_mareconstruct MaskedArray",
    "numpy.random._pickle": "__randomstate_ctor __generator_ctor __bit_generator_ctor",
    "numpy.random._mt19937": "MT19937 __pyx_unpickle_MT19937",
    "numpy.random._pcg64": "PCG64 PCG64DXSM",
    "numpy.random.bit_generator": "SeedSequence __pyx_unpickle_SeedSequence",
    "torch": "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage "
    "ShortStorage CharStorage ByteStorage BoolStorage Size device float16 float32 float64 bfloat16 "
    "int8 int16 int32 int64 uint8 bool",
    "torch._utils": "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
    "_rebuild_parameter_with_state",
    "torch.storage": "UntypedStorage TypedStorage",
    "xgboost.core": "Booster",
    "xgboost.sklearn": "XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor",
    "lightgbm.basic": "Booster",
    "lightgbm.sklearn": "LGBMClassifier LGBMRegressor LGBMRanker",
    # pandas 2 named these by where they are
    "pandas.core.frame": "DataFrame",
    "pandas.core.series": "Series",
    "pandas.core.indexes.base": "Index",
    "pandas.core.indexes.range": "RangeIndex",
    "pandas.core.indexes.multi": "MultiIndex",
    "pandas.core.indexes.category": "CategoricalIndex",
    "pandas.core.indexes.datetimes": "DatetimeIndex",
    "pandas.core.indexes.timedeltas": "TimedeltaIndex",
    "pandas.core.arrays.categorical": "Categorical",
    "pandas.core.arrays.datetimes": "DatetimeArray",
    "pandas.core.arrays.timedeltas": "TimedeltaArray",
    "pandas.core.arrays.integer": "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype",
    "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.string_": "StringArray StringDtype",
    "pandas.core.arrays.string_arrow": "ArrowStringArray ArrowStringArrayNumpySemantics",
    "pandas.core.arrays.arrow.array": "ArrowExtensionArray",
    "pandas.core.dtypes.dtypes": "CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype",
    "pyarrow.lib": "type_for_alias _restore_array py_buffer chunked_array",
}
OLD = {"numpy._core": "numpy.core"}  # numpy 1 wrote these
# modules all of whose own classes are kept values, and functions that only make them
SCIKIT = [
    "sklearn.tree._tree",
    "sklearn.isotonic",
    "sklearn.calibration",
    "sklearn.utils._bunch",
    "sklearn.compose._column_transformer",
    "sklearn.compose._target",
    "sklearn._loss.loss",
    "sklearn._loss.link",
    "sklearn._loss._loss",
    "sklearn.gaussian_process.kernels",
    "sklearn.ensemble._hist_gradient_boosting.predictor",
    "sklearn.neighbors._kd_tree",
    "sklearn.ensemble._hist_gradient_boosting.binning",
    "sklearn.neighbors._ball_tree",
    "sklearn.ensemble._gb",
    "sklearn.dummy",
    "sklearn.metrics._dist_metrics",
    "sklearn.linear_model._sgd_fast",
    "sklearn.cluster._bisect_k_means",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting",
    "sklearn.utils._encode",
    "sklearn.neural_network._stochastic_optimizers",
    "sklearn.cluster._birch",
]
FUNCTIONS = {
    "sklearn.feature_selection._univariate_selection": "f_classif f_regression chi2 r_regression",
    "sklearn.cluster._kmeans": "_kmeans_single_lloyd _kmeans_single_elkan",
    "sklearn.gaussian_process._gpc": "_BinaryGaussianProcessClassifierLaplace",
    "scipy.interpolate._bsplines": "BSpline",
    "scipy._lib.array_api_compat.numpy._aliases": "asarray",
    "pandas": "NA NaT",
    "sklearn.feature_selection._mutual_info": "mutual_info_classif mutual_info_regression",
}
PANDAS = [
    "pandas",
    "pandas.arrays",
    "pandas.core.internals.managers",
    "pandas.core.internals.blocks",
    "pandas.core.indexes.base",
    "pandas.core.indexes.datetimes",
    "pandas.core.indexes.timedeltas",
    "pandas.core.indexes.period",
    "pandas.core.indexes.interval",
]
# these open files, or are no values
NEVER = frozenset(
    [
        "ExcelFile",
        "ExcelWriter",
        "HDFStore",
        "Grouper",
        "NamedAgg",
        "NamedFunc",
        "Flags",
        "OffsetMeta",
        "MinMaxReso",
        "ResoState",
        "CalibrationDisplay",
    ]
)
CYTHON = "pandas._libs.internals pandas._libs.arrays pandas._libs.interval pandas._libs.tslibs.timestamps "
CYTHON += "pandas._libs.tslibs.timedeltas pandas._libs.tslibs.offsets pandas._libs.tslibs.period"
MADE_BY = ("_new_", "_unpickle", "__pyx_unpickle_", "newObj", "_reconstruct", "_from_")


def main() -> None:
    """Write the file."""
    names: dict[str, set[str]] = {module: set(text.split()) for module, text in BY_HAND.items()}
    warnings.simplefilter("ignore")
    for module in ("multiarray", "numeric"):
        for package in ("numpy._core", "numpy.core"):
            names[f"{package}.{module}"] = {"_reconstruct", "scalar", "_frombuffer"}
    for module, name in estimators():
        names.setdefault(module, set()).add(name)
    for module in (*SCIKIT, *PANDAS, *CYTHON.split(), *modules("scipy.sparse")):
        names.setdefault(module, set()).update(makers(module))
    for module, text in FUNCTIONS.items():
        names.setdefault(module, set()).update(text.split())
    content = {
        "as_of": f"{datetime.now(UTC):%Y-%m}",
        "made_from": {
            name: str(importlib.import_module(name).__version__)
            for name in ("sklearn", "numpy", "scipy", "pandas")
        },
        "names": {module: sorted(found) for module, found in sorted(names.items()) if found},
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{sum(map(len, content['names'].values()))} names in {TARGET.name}\n")


def estimators() -> list[tuple[str, str]]:
    """Every public estimator, where it is defined."""
    from sklearn.utils import all_estimators

    return [(cls.__module__, cls.__qualname__) for _, cls in all_estimators()]


def makers(module: str) -> set[str]:
    """Classes that a module defines, and its functions that unpickling calls."""
    loaded: ModuleType = importlib.import_module(module)
    return {
        name
        for name, value in vars(loaded).items()
        if name not in NEVER
        and (
            (inspect.isclass(value) and value.__module__ == module)
            or (callable(value) and name.startswith(MADE_BY))
        )
    }


def modules(package: str) -> list[str]:
    """Modules of a package with the classes of sparse matrices."""
    loaded = importlib.import_module(package)
    wanted = ("_csr", "_csc", "_coo", "_bsr", "_dia", "_dok", "_lil")
    return [
        f"{package}.{m.name}" for m in pkgutil.iter_modules(loaded.__path__) if m.name in wanted
    ]


if __name__ == "__main__":
    main()
