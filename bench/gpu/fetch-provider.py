"""Gets ONNX Runtime's CUDA provider of a version from its wheel on PyPI: python fetch-provider.py VERSION FOLDER."""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

version, folder = sys.argv[1], Path(sys.argv[2])
with tempfile.TemporaryDirectory() as place:
    words = ["download", "--no-deps", "--only-binary=:all:", "--quiet", "--disable-pip-version-check", "--dest", place]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words, f"onnxruntime-gpu=={version}"], stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        sys.exit(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip download failed")
    (wheel,) = Path(place).glob("*.whl")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in ("libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"):
            partial = folder / f"{name}.partial"
            with archive.open(f"onnxruntime/capi/{name}") as source, partial.open("wb") as target:
                shutil.copyfileobj(source, target)
            partial.rename(folder / name)
print(json.dumps({"fetched": version}))
