"""Translates conda's package names and pins to PyPI's."""

from __future__ import annotations

import re
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from aml_magics.errors import InvalidRequirementError

_CONDA_NAMES: Final = {
    "beautifulsoup4": "beautifulsoup",
    "dask": "dask-core",
    "faiss-cpu": "faiss",
    "keras": "keras-gpu",
    "matplotlib": "matplotlib-base",
    "msgpack": "msgpack-python",
    "numpy": "numpy-base",
    "opencv-python-headless": "opencv libopencv py-opencv opencv-python",  # opencv-python itself needs the libraries of a display
    "psycopg2-binary": "psycopg2",
    "lightgbm": "py-lightgbm",
    "xgboost": "py-xgboost py-xgboost-cpu py-xgboost-gpu",
    "pyqt5": "pyqt",
    "tables": "pytables",
    "graphviz": "python-graphviz",
    "torch": "pytorch pytorch-cpu pytorch-gpu",
    "torchvision": "torchvision-cpu",
    "ruamel.yaml": "ruamel_yaml",
    "seaborn": "seaborn-base",
    "tensorflow": "tensorflow-base tensorflow-eigen tensorflow-gpu tensorflow-mkl tensorflow-gpu-base",
}
"""Conda's name of a package, by its name on PyPI."""

_PYPI: Final = {conda: pypi for pypi, names in _CONDA_NAMES.items() for conda in names.split()}
_NOT_PYTHON: Final = frozenset(
    {"_libgcc_mutex", "_openmp_mutex", "arrow-cpp", "binutils", "blas", "bzip2", "c-ares", "ca-certificates", "certifi-base",
     "cmake", "compilers", "conda", "conda-build", "cpuonly", "cuda", "cuda-toolkit", "cudatoolkit", "cudatoolkit-dev", "cudnn",
     "curl", "cxx-compiler", "ffmpeg", "fontconfig", "freetype", "gcc", "gcc_linux-64", "gfortran", "git", "git-lfs", "glib",
     "gxx", "gxx_linux-64", "hdf5", "icu", "intel-openmp", "jemalloc", "jpeg", "krb5", "ld_impl_linux-64", "libblas", "libcblas",
     "libffi", "libgcc", "libgcc-ng", "libgfortran", "libgfortran-ng", "libgfortran5", "libgomp", "liblapack", "libopenblas",
     "libpng", "libsodium", "libstdcxx", "libstdcxx-ng", "libtiff", "libuuid", "libxml2", "libxslt", "llvm-openmp", "lz4-c", "make",
     "mkl", "mpi", "mpich", "mamba", "nb_conda", "nb_conda_kernels", "nccl", "ncurses", "ninja-base", "nodejs", "nomkl", "openblas",
     "openjdk", "openmpi", "openssl", "pandoc", "pip", "python_abi", "pytorch-cuda", "pytorch-mutex", "r-base", "readline", "snappy",
     "sqlite", "tbb", "tk", "unixodbc", "wheel-base", "xz", "zlib", "zstd"}
)  # fmt: skip

_SPEC = re.compile(
    r"""(?:[\w./-]+::)?                 # a channel
    (?P<name>[A-Za-z0-9_][\w.-]*)
    (?:\s*\[version=['"](?P<bracket>[^'"\]]*)['"]\]
      |\s*(?P<operators>[<>!~]=?[^=\s\[][^\[]*|==[^\[]*|=>?[^\[]*)
      |\s+(?P<bare>[\d*].*)
    )?""",
    re.VERBOSE,
)
_RELEASE = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def split_conda(spec: str) -> tuple[str, str]:
    """The name and pin of a conda dependency: ``scikit-learn=0.24`` has ``=0.24``. Raises InvalidRequirementError."""
    match = _SPEC.fullmatch(spec.strip()) if spec.isprintable() else None
    if match is None:
        raise InvalidRequirementError(
            f"A conda dependency is a name with a pin such as numpy=1.26 or pandas>=2, not {spec!r:.80}."
        )
    bare = f"={match['bare']}" if match["bare"] else ""
    return match["name"].lower(), (match["bracket"] or match["operators"] or bare).strip()


def pypi_name(name: str) -> str | None:
    """A conda package's name on PyPI; None if it holds no Python package."""
    if name in _NOT_PYTHON or name.startswith(("r-", "lib64")):
        return None
    return _PYPI.get(name, name)


def pypi_pin(name: str, pin: str) -> str:
    """A conda pin in PyPI's form: ``=0.24`` is ``==0.24.*``, ``=1.2=py36_0`` is ``==1.2``.

    Raises:
        InvalidRequirementError: it has no such form.
    """
    written = ",".join(_part(part.strip()) for part in pin.split(",")) if pin else ""
    try:
        return str(SpecifierSet(written.strip(",")))
    except InvalidSpecifier:
        raise InvalidRequirementError(
            f"The pin {pin!r:.60} of conda's {name!r:.60} has no equal on PyPI; write one such as =1.26 or >=1.2,<2, "
            "without | and with no more than one *."
        ) from None


def _part(part: str) -> str:
    if not part or part in ("*", "=*", "==*"):
        return ""
    if part[0].isdigit():
        part = f"={part}"
    if part.startswith("=") and not part.startswith("=="):
        version, _, build = part[1:].partition("=")
        if build:  # a build of conda's is of one exact version
            return f"=={version}"
        return f"=={version}.*" if _RELEASE.fullmatch(version) else f"=={version}"
    if part.startswith("=="):
        return f"=={part[2:].partition('=')[0]}"
    return part
