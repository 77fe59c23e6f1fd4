"""Reference values for slab metrics, computed by google-deepmind/surface-distance and Project-MONAI/MONAI.

python make_metrics.py path/to/surface-distance path/to/shared/data > metrics.json

Numbers that are not finite are written as "NaN" and "Infinity". MONAI's are float32.
"""

import json
import math
import sys

import nibabel
import numpy as np
import scipy.ndimage
import torch
from monai.metrics import (
    DiceMetric,
    compute_average_surface_distance,
    compute_dice,
    compute_hausdorff_distance,
    compute_surface_dice,
)

sys.path.insert(0, sys.argv[1])
# The names that surface-distance uses have gone from newer versions of SciPy.
for old in ("filters", "morphology"):
    setattr(scipy.ndimage, old, scipy.ndimage)
sys.modules["scipy.ndimage.filters"] = sys.modules["scipy.ndimage.morphology"] = scipy.ndimage
import surface_distance  # noqa: E402
from surface_distance import lookup_tables  # noqa: E402

np.seterr(invalid="ignore")


def number(value):
    value = float(value)
    return "NaN" if math.isnan(value) else "Infinity" if math.isinf(value) else value


def deepmind(prediction, truth, spacing, tolerance):
    distances = surface_distance.compute_surface_distances(truth, prediction, spacing)
    from_truth, from_prediction = surface_distance.compute_average_surface_distance(distances)
    areas = np.concatenate([distances["surfel_areas_pred"], distances["surfel_areas_gt"]])
    lengths = np.concatenate([distances["distances_pred_to_gt"], distances["distances_gt_to_pred"]])
    return {
        "dice": number(surface_distance.compute_dice_coefficient(truth, prediction)),
        "nsd": number(surface_distance.compute_surface_dice_at_tolerance(distances, tolerance)),
        "hd95": number(surface_distance.compute_robust_hausdorff(distances, 95)),
        "asd": number((areas * lengths).sum() / areas.sum()),
        "asdPrediction": number(from_prediction),
        "asdTruth": number(from_truth),
    }


def monai(prediction, truth, spacing, tolerance):
    p, t = (torch.from_numpy(mask.astype(np.float32))[None, None] for mask in (prediction, truth))
    options = {"include_background": True, "spacing": [float(each) for each in spacing]}
    dice = compute_dice(p, t, include_background=True)
    metric = DiceMetric(include_background=True)
    assert torch.equal(metric(p, t).nan_to_num(), dice.nan_to_num())
    return {
        "dice": number(dice[0, 0]),
        "nsd": number(compute_surface_dice(p, t, [tolerance], **options)[0, 0]),
        "hd95": number(compute_hausdorff_distance(p, t, percentile=95, **options)[0, 0]),
        "asd": number(compute_average_surface_distance(p, t, symmetric=True, **options)[0, 0]),
        "asdPrediction": number(compute_average_surface_distance(p, t, **options)[0, 0]),
        "asdTruth": number(compute_average_surface_distance(t, p, **options)[0, 0]),
    }


def random_mask(seed, size, part):
    """Blocks of 2 voxels that are inside with some probability; the same numbers in random-masks.ts."""
    state, mask = seed, np.zeros(size, bool)
    for x in range(0, size[0], 2):
        for y in range(0, size[1], 2):
            for z in range(0, size[2], 2):
                state = (state * 1664525 + 1013904223) % 2**32
                mask[x : x + 2, y : y + 2, z : z + 2] = state / 2**32 < part
    return mask


def small_cases():
    """Random masks, empty ones and single voxels: seed 0 is empty, a negative one a single voxel."""
    def mask(seed, size, part):
        if seed > 0:
            return random_mask(seed, size, part)
        result = np.zeros(size, bool)
        if seed < 0:
            result.reshape(-1)[-seed - 1] = True
        return result

    cases = []
    settings = [
        ([7, 6, 9], [1, 1, 1], 0.3, 1), ([8, 5, 6], [0.7, 0.8, 3], 0.2, 1.5), ([3, 11, 4], [2.5, 0.5, 1.1], 0.5, 1.1),
        ([9, 9, 9], [1.1, 1.1, 1.1], 0.1, 3.3), ([1, 8, 8], [5, 0.9, 0.9], 0.4, 0.9), ([12, 10, 8], [3, 3, 3], 0.05, 3),
    ]  # fmt: skip
    for index, (size, spacing, part, tolerance) in enumerate(settings):
        last = -size[0] * size[1] * size[2]
        seeds = [(10 + index, 20 + index), (30 + index, 30 + index), (0, 40 + index), (50 + index, 0), (0, 0), (-1, last), (-7, -7)]
        for prediction, truth in seeds:
            p, t = mask(prediction, size, part), mask(truth, size, part)
            cases.append({
                "size": size, "spacing": spacing, "part": part, "tolerance": tolerance,
                "prediction": prediction, "truth": truth,
                "deepmind": deepmind(p, t, spacing, tolerance), "monai": monai(p, t, spacing, tolerance),
            })  # fmt: skip
    return cases


def real_case(folder):
    prediction, truth = (nibabel.load(f"{folder}/example_seg{end}.nii.gz") for end in ("_fast", ""))
    spacing = [float(zoom) for zoom in truth.header.get_zooms()]
    p, t = (np.asarray(image.dataobj) for image in (prediction, truth))
    labels = sorted((set(np.unique(p)) | set(np.unique(t))) - {0})
    return [
        {
            "label": int(label),
            "deepmind": deepmind(p == label, t == label, spacing, 3),
            "monai": monai(p == label, t == label, spacing, 3),
        }
        for label in labels
    ]


areas = {}
for spacing in ([1, 1, 1], [3, 0.7, 1.9]):
    table = lookup_tables.create_table_neighbour_code_to_surface_area(spacing)
    areas["x".join(map(str, spacing))] = [float(f"{area:.12g}") for area in table]

lines = lambda entries: "[\n" + ",\n".join("    " + json.dumps(entry) for entry in entries) + "\n  ]"  # noqa: E731
print(f"""{{
  "areas": {json.dumps(areas)},
  "small": {lines(small_cases())},
  "example_seg_fast against example_seg, 3 mm": {lines(real_case(sys.argv[2]))}
}}""")
