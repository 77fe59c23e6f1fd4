"""Reference values for resampling and orientation: MONAI's Spacing and Orientation, scipy's map_coordinates, NumPy's
percentiles. Prints spatial.json."""
import json
import numpy as np
import nibabel as nib
from monai.data import MetaTensor
from monai.transforms import Orientation, Spacing
from scipy.ndimage import map_coordinates
import torch

random = np.random.default_rng(7)
cases = []
for size, spacing, code, target, wanted in [
    ((9, 7, 6), (3.0, 3.0, 3.0), "RAS", "RAS", (1.5, 1.5, 2.0)),
    ((8, 9, 5), (0.8, 0.8, 2.5), "LPS", "RAS", (1.5, 1.5, 2.0)),
    ((6, 7, 8), (1.0, 0.7, 1.3), "PIR", "LAS", (1.1, 0.9, 0.8)),
]:
    data = np.round(random.normal(0, 300, size)).astype(np.float32)
    ornt = nib.orientations.axcodes2ornt(tuple(code))
    affine = np.zeros((4, 4))
    for axis, (world, sign) in enumerate(ornt):
        affine[int(world), axis] = sign * spacing[axis]
    affine[:, 3] = [5, -3, 11, 1]
    image = MetaTensor(torch.as_tensor(data)[None], affine=torch.as_tensor(affine))
    turned = Orientation(axcodes=target)(image)
    linear = Spacing(pixdim=wanted, mode="bilinear")(turned)
    source = turned.numpy()[0]
    own = np.linalg.norm(turned.affine.numpy()[:3, :3], axis=0)
    grid = np.meshgrid(*[np.arange(n) * w / o for n, w, o in zip(linear.shape[1:], wanted, own)], indexing="ij")
    wide = source.astype(np.float64)
    cases.append({
        "size": size, "affine": affine.tolist(), "orientation": code, "target": target, "spacing": wanted,
        "data": data.ravel().tolist(),
        "result": {"size": list(linear.shape[1:]), "affine": linear.affine.numpy().tolist()},
        "monai": np.round(linear.numpy()[0].ravel().astype(float), 4).tolist(),
        "linear": np.round(map_coordinates(wide, grid, order=1, mode="nearest").ravel(), 4).tolist(),
        "nearest": map_coordinates(wide, [np.minimum(np.floor(g + 0.5), n - 1) for g, n in zip(grid, wide.shape)], order=0, mode="nearest").ravel().tolist(),
        "cubic": np.round(map_coordinates(wide, grid, order=3, mode="nearest").ravel(), 4).tolist(),
    })
values = np.round(random.normal(0, 300, 501)).astype(np.float32)
wanted = [0, 0.5, 25, 50, 99.5, 100]
percentiles = {"values": values.tolist(), "wanted": wanted, "expected": np.percentile(values.astype(np.float64), wanted).tolist(),
    "nonzero": np.percentile(values[values != 0].astype(np.float64), wanted).tolist()}
print(json.dumps({"cases": cases, "percentiles": percentiles}, separators=(",", ":")))
