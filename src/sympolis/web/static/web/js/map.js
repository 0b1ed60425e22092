// The chart of relations: harbours on a pale coast, fine lines between them.
// Reads GeoJSON from data-src and the coast (TopoJSON) from data-coast; leaflet.js and topojson-client are loaded before.
const { L, topojson } = window;
const LAND_BOUNDS = [[-58, -170], [76, 180]];
const CURVE_STEPS = 24;
const NAME_SIZE = 12; // px, as .place-name has it
const AIR = 2; // px around a name: Leaflet moves it to whole pixels
const COAST_AT_ONCE = 20; // islands and continents in one path
const SLICE_MS = 6; // drawn at a stretch: a phone answers its reader's finger in between
const STYLED = ["fill", "stroke", "stroke-width", "stroke-opacity", "fill-opacity"];

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

/** A shallow arc from one harbour to another, as latitude and longitude. */
function arc([[lng1, lat1], [lng2, lat2]]) {
  const bend = 0.14;
  const [midLng, midLat] = [(lng1 + lng2) / 2 - (lat2 - lat1) * bend, (lat1 + lat2) / 2 + (lng2 - lng1) * bend];
  return Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
    const t = step / CURVE_STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    return [a * lat1 + b * midLat + c * lat2, a * lng1 + b * midLng + c * lng2];
  });
}

/** Rings of the coast that run over the 180th meridian go on past it instead of back across the whole chart. */
function unwrap(ring) {
  let turn = 0;
  const whole = ring.map(([lng, lat], index) => {
    const step = index ? lng - ring[index - 1][0] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lng + turn, lat];
  });
  const [west, east] = whole.reduce(([low, high], [lng]) => [Math.min(low, lng), Math.max(high, lng)], [Infinity, -Infinity]);
  const shift = 360 * Math.round((west + east) / 720);
  return whole.map(([lng, lat]) => [lng - shift, lat]);
}

const pause = () => new Promise((resolve) => setTimeout(resolve));

/** As `items.map(draw)`, a little at a time. */
async function drawn(items, draw) {
  const done = [];
  let began = performance.now();
  for (const item of items) {
    done.push(draw(item));
    if (performance.now() - began > SLICE_MS) {
      await pause();
      began = performance.now();
    }
  }
  return done;
}

/** Every island and continent, as rings. */
function land(coast) {
  const shapes = coast.objects.land.geometries.flatMap((geometry) => geometry.arcs);
  return drawn(shapes, (arcs) => topojson.feature(coast, { type: "Polygon", arcs }).geometry.coordinates.map(unwrap));
}

/** Built of nodes and not of markup: names are other people's text. */
function popup({ name, label, url, note, kind }) {
  const box = document.createElement("div");
  box.dir = "auto";
  const title = document.createElement("strong");
  const safe = url && /^(https?:|\/)/.test(url);
  const holder = safe ? Object.assign(document.createElement("a"), { href: url }) : document.createElement("span");
  holder.textContent = name ?? label ?? "";
  title.append(holder);
  box.append(title);
  for (const text of [kind, note]) {
    if (text) box.append(Object.assign(document.createElement("div"), { textContent: text }));
  }
  return box;
}

/** Makes a drawn path reachable by keyboard: Tab finds it, Enter opens it. */
function reachable(layer, text) {
  const path = layer.getElement();
  if (!path) return;
  path.setAttribute("tabindex", "0");
  path.setAttribute("role", "button");
  path.setAttribute("aria-label", text);
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      layer.openPopup();
    }
  });
  layer.on("popupopen", () => path.classList.add("is-open"));
  layer.on("popupclose", () => {
    path.classList.remove("is-open");
    if (layer.getPopup().getElement()?.contains(document.activeElement)) path.focus();
  });
}

function drawLink(map, feature) {
  const { properties, geometry } = feature;
  const strength = ["weak", "fair", "strong"].includes(properties.strength) ? properties.strength : "weak";
  const line = L.polyline(arc(geometry.coordinates), { className: `link link-${strength}`, smoothFactor: 0 });
  line.bindPopup(() => popup(properties)).addTo(map);
  if (properties.label) reachable(line, properties.label);
}

function drawPort(map, feature) {
  const { properties, geometry } = feature;
  const [lng, lat] = geometry.coordinates;
  const theme = Number.isInteger(properties.theme) ? ` theme-${properties.theme}` : "";
  const port = L.circleMarker([lat, lng], { radius: properties.main ? 8 : 5, className: `port${theme}` });
  port.bindPopup(() => popup(properties)).addTo(map);
  reachable(port, properties.name);
  return { port, name: properties.name, away: properties.main ? 16 : 13, written: null };
}

const overlaps = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

/** How wide names will be, told by their letters: nothing has to be laid out for it. */
function widths(element, harbours) {
  const style = getComputedStyle(element);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `500 ${NAME_SIZE}px ${style.getPropertyValue("--serif")}`;
  for (const harbour of harbours) harbour.width = Math.ceil(pen.measureText(harbour.name).width) + AIR;
}

/** Where its name would stand on that side of a harbour. */
function place(map, { port, width, away }, side) {
  const { x, y } = map.latLngToContainerPoint(port.getLatLng());
  const left = side === "right" ? x + away : x - away - width;
  const half = NAME_SIZE / 2 + AIR;
  return { left, right: left + width, top: y - half, bottom: y + half };
}

function dot(map, { port }) {
  const [{ x, y }, r] = [map.latLngToContainerPoint(port.getLatLng()), port.getRadius()];
  return { left: x - r, right: x + r, top: y - r, bottom: y + r };
}

/** Where the buttons lie over the chart. */
function buttons(map) {
  const [frame, bar] = [map.getContainer(), map.getContainer().querySelector(".leaflet-bar")].map((one) => one.getBoundingClientRect());
  const [left, top] = [bar.left - frame.left, bar.top - frame.top];
  return { left, top, right: left + bar.width + AIR, bottom: top + bar.height + AIR };
}

/** Names are written while there is room, to the right of their harbour or else to its left: never over one another,
 * over a harbour or over the edge, under no button; the first ones in the data win. All is reckoned before anything is written. */
function thinOut(harbours, map) {
  const edge = map.getSize();
  const dots = harbours.map((harbour) => dot(map, harbour));
  const taken = [buttons(map)];
  const isFree = (box, at) =>
    box.left >= 0 &&
    box.right <= edge.x &&
    !taken.some((other) => overlaps(box, other)) &&
    !dots.some((other, its) => its !== at && overlaps(box, other));
  const sides = harbours.map((harbour, at) => {
    const side = ["right", "left"].find((way) => isFree(place(map, harbour, way), at));
    if (side) taken.push(place(map, harbour, side));
    return side ?? null;
  });
  harbours.forEach((harbour, at) => write(harbour, sides[at]));
}

/** On that side of its harbour, or not at all. */
function write(harbour, side) {
  if (harbour.written === side) return;
  harbour.port.unbindTooltip();
  harbour.written = side;
  if (!side) return;
  const name = Object.assign(document.createElement("bdi"), { textContent: harbour.name });
  const offset = [side === "right" ? harbour.away : -harbour.away, 0];
  harbour.port.bindTooltip(name, { permanent: true, direction: side, offset, className: "place-name" });
}

function svg(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/** What is in sight, as a drawing of its own: colours written in, names where they stand. */
function drawing(map, harbours) {
  const element = map.getContainer();
  const source = element.querySelector(".leaflet-overlay-pane svg");
  const [corner, size] = [map.containerPointToLayerPoint([0, 0]), map.getSize()];
  const copy = svg("svg", { viewBox: `${corner.x} ${corner.y} ${size.x} ${size.y}`, width: size.x, height: size.y });
  const paths = source.cloneNode(true).querySelectorAll("path");
  source.querySelectorAll("path").forEach((original, index) => {
    const style = getComputedStyle(original);
    for (const property of STYLED) paths[index].setAttribute(property, style.getPropertyValue(property));
  });
  const sea = { x: corner.x, y: corner.y, width: size.x, height: size.y, fill: getComputedStyle(element).backgroundColor };
  copy.append(svg("rect", sea), ...paths);
  for (const { port, name, written } of harbours.filter((harbour) => harbour.written)) {
    const { x, y } = map.latLngToLayerPoint(port.getLatLng());
    const left = written === "left";
    const away = port.getRadius() + 7;
    const fill = getComputedStyle(port.getTooltip().getElement()).color;
    const place = { x: left ? x - away : x + away, y: y + 4, "text-anchor": left ? "end" : "start" };
    copy.append(svg("text", { ...place, "font-family": "serif", "font-size": NAME_SIZE, fill }, name));
  }
  return copy;
}

function handOut(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The drawing as it is, or in dots, twice as many as on the screen. */
async function saveAs(form, map, harbours, name) {
  const drawn = drawing(map, harbours);
  const source = new XMLSerializer().serializeToString(drawn);
  if (form === "svg") return handOut(new Blob([source], { type: "image/svg+xml" }), `${name}.svg`);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await picture.decode();
  const [width, height] = ["width", "height"].map((side) => Number(drawn.getAttribute(side)) * 2);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  canvas.toBlob((blob) => blob && handOut(blob, `${name}.png`), "image/png");
}

/** Where most points lie: a few far ones must not shrink all others to a blot; one step out shows them. */
function middle(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const cut = Math.floor(sorted.length * 0.12);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

function view(map, features) {
  const points = features.filter((feature) => feature.geometry.type === "Point");
  const [west, east] = middle(points.map(({ geometry }) => geometry.coordinates[0]));
  const [south, north] = middle(points.map(({ geometry }) => geometry.coordinates[1]));
  const bounds = L.latLngBounds(points.length ? [[south, west], [north, east]] : []);
  map.fitBounds(bounds.isValid() ? bounds.pad(0.15) : LAND_BOUNDS, { maxZoom: 7, animate: false });
}

async function drawCoast(map, coast) {
  const shapes = await land(coast);
  const starts = Array.from({ length: Math.ceil(shapes.length / COAST_AT_ONCE) }, (_, at) => at * COAST_AT_ONCE);
  await drawn(starts, (start) => {
    const part = { type: "MultiPolygon", coordinates: shapes.slice(start, start + COAST_AT_ONCE) };
    L.geoJSON(part, { interactive: false, style: { className: "coast", smoothFactor: 0.6 } }).addTo(map);
  });
}

async function chart(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const coarse = matchMedia("(pointer: coarse)").matches;
  const words = element.dataset;
  element.dir = "ltr"; // Leaflet places from the left; names carry their own direction
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    dragging: !coarse,
    zoomAnimation: !still,
    fadeAnimation: false,
    minZoom: 1,
    maxZoom: 10,
    renderer: L.svg({ padding: 0.6 }),
  });
  L.control.zoom({ zoomInTitle: words.zoomIn ?? "+", zoomOutTitle: words.zoomOut ?? "−" }).addTo(map);
  // The page keeps scrolling over the map until the reader turns to it.
  const hold = (on) => [map.scrollWheelZoom, coarse && map.dragging].forEach((way) => way && (on ? way.enable() : way.disable()));
  map.on("focus", () => hold(true)).on("blur", () => hold(false));
  const [coast, data] = await Promise.all([json(words.coast), json(words.src)]);
  element.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  view(map, data.features);
  await drawCoast(map, coast);
  const of = (type) => data.features.filter((feature) => feature.geometry?.type === type);
  await drawn(of("LineString"), (feature) => drawLink(map, feature));
  const harbours = await drawn(of("Point"), (feature) => drawPort(map, feature));
  await document.fonts.ready; // names are as wide as their letters
  widths(element, harbours);
  thinOut(harbours, map);
  map.on("zoomend moveend", () => thinOut(harbours, map));
  for (const save of element.closest("figure")?.querySelectorAll("[data-map-save]") ?? []) {
    save.addEventListener("click", () => saveAs(save.dataset.mapSave, map, harbours, words.name ?? "map"));
    save.hidden = false;
  }
  element.dataset.drawn = "";
}

function start(element) {
  element.removeAttribute("data-map");
  chart(element).catch((error) => {
    element.textContent = element.dataset.failed ?? "";
    element.classList.add("map-failed");
    console.error(error);
  });
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((candidate) => candidate.isIntersecting)) {
      seen.unobserve(entry.target);
      start(entry.target);
    }
  },
  { rootMargin: "300px" },
);
const watch = (root) => root.querySelectorAll("[data-map]").forEach((element) => seen.observe(element));
watch(document);
document.body.addEventListener("htmx:load", (event) => watch(event.target));
