"""Holds ONNX files against ONNX's own checker and its strict shape inference: python check_onnx.py FILE..."""

import sys

import onnx


def check(path: str) -> None:
    """Raises what onnx raises for a file that it does not accept."""
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path, load_external_data=False)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)


def main(paths: list[str]) -> int:
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    failures = 0
    for path in paths:
        try:
            check(path)
        except Exception as error:  # onnx raises many kinds, also protobuf's
            failures += 1
            print(f"FAIL {path}: {error}")
        else:
            print(f"ok   {path}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
