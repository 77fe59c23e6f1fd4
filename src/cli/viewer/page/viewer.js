// The page of `slab view`: Niivue with the scan, its labels and a list of them. Bundled for browsers by rolldown.config.mjs.
import { Niivue, SHOW_RENDER, SLICE_TYPE } from "@niivue/niivue";

const element = (id) => document.getElementById(id);

/** What `settings.json` holds is described where it is made, in ../settings.ts. */
async function start() {
  const settings = await (await fetch("settings.json")).json();
  document.title = settings.title;
  element("title").textContent = settings.title;
  const viewer = new Niivue({
    backColor: [0.055, 0.055, 0.055, 1],
    show3Dcrosshair: true,
    isRadiologicalConvention: true,
    sagittalNoseLeft: true,
    crosshairWidth: 0.5,
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    onLocationChange: (location) => showPlace(location, settings),
  });
  await viewer.attachToCanvas(element("volume"));
  const [low, high] = settings.window;
  const layers = [{ url: settings.scan, name: settings.scan, colormap: "gray", cal_min: low, cal_max: high }];
  if (settings.labels) layers.push({ url: settings.labels, name: settings.labels, opacity: 0.5 });
  await viewer.loadVolumes(layers);
  if (settings.labels) showLabels(viewer, settings.entries);
  else element("opacity-line").hidden = true;
  element("layout").addEventListener("change", ({ target }) => {
    viewer.setSliceType(SLICE_TYPE[target.value.toUpperCase()]);
  });
  const place = settings.entries[0]?.place;
  if (place) goTo(viewer, place);
  document.body.dataset.state = "ready";
}

function showLabels(viewer, entries) {
  const [, overlay] = viewer.volumes;
  // Niivue rounds up what lies in the first 2/256 of a table: entries that no voxel has keep the background out of there.
  const ahead = Math.ceil(entries.length / 100) + 1;
  const places = Array.from({ length: ahead + 1 + entries.length }, (_, index) => index - ahead);
  const channel = (index) => places.map((place) => entries[place - 1]?.colour[index] ?? 0);
  overlay.setColormapLabel({
    R: channel(0),
    G: channel(1),
    B: channel(2),
    A: places.map((place) => (place > 0 ? 255 : 0)),
    I: places,
  });
  viewer.updateGLVolume();
  element("opacity").addEventListener("input", ({ target }) => viewer.setOpacity(1, Number(target.value)));
  for (const { label, name, colour, place } of entries) {
    const button = document.createElement("button");
    const swatch = document.createElement("i");
    const number = document.createElement("small");
    swatch.style.background = `rgb(${colour.join()})`;
    number.textContent = label;
    button.append(swatch, name, number);
    button.addEventListener("click", () => goTo(viewer, place));
    const item = document.createElement("li");
    item.append(button);
    element("labels").append(item);
  }
}

function goTo(viewer, place) {
  viewer.scene.crosshairPos = viewer.mm2frac(place);
  viewer.createOnLocationChange();
  viewer.drawScene();
}

function showPlace({ mm, values }, { entries }) {
  const where = [...mm].slice(0, 3).map((each) => each.toFixed(1));
  const [scan, place] = values.map(({ value }) => value);
  const entry = entries[place - 1];
  const name = entry ? ` · ${entry.name}` : "";
  element("place").textContent =
    `R ${where[0]}  A ${where[1]}  S ${where[2]} mm · ${Number(scan.toPrecision(5))}${name}`;
}

start().catch((error) => {
  document.body.dataset.state = "failed";
  element("place").textContent = `The scan cannot be shown: ${error.message ?? error}`;
});
