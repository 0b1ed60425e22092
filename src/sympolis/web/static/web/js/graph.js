// The graph of relations: who is linked to whom, drawn by sigma, arranged by ForceAtlas2 from the places the server says.
// Nothing is left to chance and no clock is asked how far to go: the same data is the same picture on every machine.
const SHAPES = { circle: 0, diamond: 1, square: 2, triangle: 3 };
const STEPS = 240; // of arranging, for up to 300 nodes; fewer for more
const STEPS_AT_ONCE = 4; // then the reader's finger is answered
const PUSHES = 8; // times ten steps of pushing apart what lies over one another
const WIDE = 400_000; // px² of a picture on a desktop
const PADDING = 24; // px between the picture and its edge
const NAME_SIZE = 12; // px
const AIR = 3; // px around a name
const NAMES = 60; // at most, the best linked first
const LONGEST_NAME = 34;
const TOLD = 6; // links said of a node; the others are counted
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const pause = () => new Promise((resolve) => setTimeout(resolve));
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

function script(src) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

/** sigma's own file fails where there is no WebGL, so it is asked before anything is loaded. */
function hasWebgl() {
  try {
    return Boolean(window.WebGLRenderingContext && document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

/** Nodes by their place in the data, which is their order: the best linked first. */
function graphOf(data, area) {
  const graph = new window.graphology.MultiGraph({ type: "undirected" });
  data.nodes.forEach(([id, slug, name, short, kind, x, y], at) => {
    const url = data.address.replace("SLUG", slug).replace("ID", id);
    const [word, shape, colour] = data.kinds[kind];
    graph.addNode(at, { name, short: cut(short || name), url, word, shape: SHAPES[shape], colour, x, y });
  });
  data.links.forEach(([start, end, type, unsure], at) => {
    const [out, back, colour] = data.types[type];
    if (start !== end) graph.addEdgeWithKey(at, start, end, { start, out, back, colour, unsure: Boolean(unsure) });
  });
  const room = Math.min(1, Math.sqrt(350 / graph.order)) * Math.min(1, Math.max(0.65, Math.sqrt(area / WIDE)));
  graph.forEachNode((node) => {
    graph.setNodeAttribute(node, "size", room * Math.min(3.2 + 1.5 * Math.sqrt(graph.degree(node)), 20));
  });
  return graph;
}

const cut = (name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).trimEnd()}…` : name);

/** Draws the linked together and the others apart; `shown` is called after each slice with how far it is. */
async function arrange(graph, { width, height }, shown) {
  const { layoutForceAtlas2, layoutNoverlap } = window.graphologyLibrary;
  const forces = { barnesHutOptimize: graph.order > 400, gravity: 0.05, scalingRatio: 10, strongGravityMode: true, slowDown: 8 };
  const steps = Math.round(STEPS * Math.min(1, Math.max(0.5, 350 / graph.order)));
  const slices = [...Array(Math.ceil(steps / STEPS_AT_ONCE)).fill("draw"), "spread", ...Array(PUSHES).fill("push")];
  for (const [done, what] of slices.entries()) {
    if (what === "draw") layoutForceAtlas2.assign(graph, { iterations: STEPS_AT_ONCE, settings: forces });
    if (what === "spread") spread(graph, width, height);
    if (what === "push") layoutNoverlap.assign(graph, { maxIterations: 10, settings: { margin: 1.5, ratio: 1, expansion: 1.05, speed: 3 } });
    shown((done + 1) / slices.length);
    await pause();
  }
}

/** Over the whole picture, in its pixels: the dense middle wider, the few far ones nearer. */
function spread(graph, width, height) {
  const middle = ["x", "y"].map((axis) => ranked(graph.mapNodes((_, data) => data[axis]), 0.5));
  const away = graph.mapNodes((node, { x, y }) => Math.hypot(x - middle[0], y - middle[1]));
  const farthest = 1.1 * ranked(away, 0.97) || 1;
  const placed = graph.mapNodes((node, { x, y }) => {
    const far = Math.hypot(x - middle[0], y - middle[1]) || 1;
    const share = (Math.min(far, farthest) / farthest) ** 0.8 / far;
    return [(x - middle[0]) * share, (y - middle[1]) * share];
  });
  const [wide, high] = [0, 1].map((axis) => {
    const values = placed.map((place) => place[axis]);
    const low = Math.min(...values);
    return { low, long: Math.max(...values) - low || 1 };
  });
  graph.updateEachNodeAttributes((node, data) => {
    const [x, y] = placed[node];
    return {
      ...data,
      x: ((x - wide.low) / wide.long) * (width - 2 * PADDING),
      y: ((y - high.low) / high.long) * (height - 2 * PADDING),
    };
  });
}

/** What stands at so much of the way through the sorted values. */
const ranked = (values, share) => values.sort((one, other) => one - other)[Math.floor((values.length - 1) * share)];

/** The page's own colours, light or dark. */
function palette(element) {
  const style = getComputedStyle(element);
  const of = (name) => style.getPropertyValue(name).trim();
  const themes = Array.from({ length: 10 }, (_, at) => of(`--theme-${at + 1}`));
  return { ground: of("--chart-sea"), ink: of("--ink"), lit: of("--vermilion"), serif: of("--serif"), themes };
}

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** So much of a colour over the ground: edges over edges must not add up to a dark ball, as see-through ones do. */
function pale(colour, ground, share) {
  const under = channels(ground);
  const mixed = channels(colour).map((value, at) => Math.round(under[at] + (value - under[at]) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec2 v_at;
varying float v_edge;
varying float v_shape;
void main() {
  float radius = 2.0 * a_size * u_correctionRatio / u_sizeRatio;
  vec2 away = 2.0 * radius * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + away, 1)).xy, 0, 1);
  v_at = away / radius;
  v_edge = 2.0 * u_correctionRatio / radius;
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_at;
varying float v_edge;
varying float v_shape;
uniform vec4 u_ground;
float outside() {
  vec2 way = abs(v_at);
  if (v_shape < 0.5) return length(v_at) - 0.82;
  if (v_shape < 1.5) return (way.x + way.y - 1.05) * 0.7071;
  if (v_shape < 2.5) return max(way.x, way.y) - 0.7;
  return max(way.x * 0.866 + v_at.y * 0.5, -v_at.y) - 0.5;
}
void main() {
  float away = outside();
  vec4 nothing = vec4(0.0);
  #ifdef PICKING_MODE
  gl_FragColor = away > 0.1 ? nothing : v_color;
  #else
  float rim = max(v_edge, 0.01);
  vec4 inside = mix(v_color, u_ground, smoothstep(-2.0 * rim, -rim, away));
  gl_FragColor = mix(inside, nothing, smoothstep(-0.5 * rim, 0.5 * rim, away));
  #endif
}`;

/** Four shapes in one program: kinds are told apart without their colours too. */
function shapes(colours) {
  const { NodeProgram } = window.Sigma.rendering;
  const { floatColor } = window.Sigma.utils;
  const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
  return class extends NodeProgram {
    getDefinition() {
      return {
        VERTICES: 3,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: FRAGMENT,
        METHOD: TRIANGLES,
        UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix", "u_ground"],
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_shape", size: 1, type: FLOAT },
        ],
        CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
        CONSTANT_DATA: [[0], [(2 * Math.PI) / 3], [(4 * Math.PI) / 3]],
      };
    }

    processVisibleItem(id, at, { x, y, size, color, shape }) {
      this.array.set([x, y, size, floatColor(color), id, shape], at);
    }

    setUniforms({ sizeRatio, correctionRatio, matrix }, { gl, uniformLocations: where }) {
      gl.uniform1f(where.u_sizeRatio, sizeRatio);
      gl.uniform1f(where.u_correctionRatio, correctionRatio);
      gl.uniformMatrix3fv(where.u_matrix, false, matrix);
      // The picking program has no ground, and no place for it.
      if (where.u_ground) gl.uniform4fv(where.u_ground, [...channels(colours().ground).map((part) => part / 255), 1]);
    }
  };
}

const overlaps = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

function svg(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/** The outline of a node as an SVG path. */
function outline(shape, x, y, r) {
  const at = (dx, dy) => `${(x + dx * r).toFixed(1)} ${(y + dy * r).toFixed(1)}`;
  if (shape === SHAPES.circle) return `M${at(-0.82, 0)}a${0.82 * r} ${0.82 * r} 0 1 0 ${1.64 * r} 0a${0.82 * r} ${0.82 * r} 0 1 0 ${-1.64 * r} 0z`;
  if (shape === SHAPES.diamond) return `M${at(0, -1.05)}L${at(1.05, 0)}L${at(0, 1.05)}L${at(-1.05, 0)}z`;
  if (shape === SHAPES.square) return `M${at(-0.7, -0.7)}L${at(0.7, -0.7)}L${at(0.7, 0.7)}L${at(-0.7, 0.7)}z`;
  return `M${at(0, -1)}L${at(0.866, 0.5)}L${at(-0.866, 0.5)}z`;
}

function saved(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

class Picture {
  constructor(element, graph) {
    this.element = element;
    this.graph = graph;
    this.words = element.dataset;
    this.tools = element.closest("figure").querySelector("[data-graph-tools]");
    this.said = this.tools.querySelector("[data-graph-said]");
    this.colours = palette(element);
    this.at = null; // the node the reader is at
    this.hovered = null;
    this.near = new Set();
    this.widths = {};
    const coarse = matchMedia("(pointer: coarse)").matches;
    this.renderer = new window.Sigma(graph, element, {
      defaultNodeType: "shape",
      nodeProgramClasses: { shape: shapes(() => this.colours) },
      nodeHoverProgramClasses: { shape: shapes(() => this.colours) },
      defaultDrawNodeHover: () => {},
      renderLabels: false,
      stagePadding: PADDING,
      minCameraRatio: 0.04,
      maxCameraRatio: 1.6,
      enableCameraRotation: false,
      doubleClickZoomingRatio: 1,
      zIndex: true,
      itemSizesReference: "screen",
      zoomToSizeRatioFunction: (ratio) => ratio ** 0.35,
      nodeReducer: (node, data) => this.node(node, data),
      edgeReducer: (edge, data) => this.edge(edge, data),
    });
    this.renderer.createCanvasContext("names");
    this.renderer.resize(true);
    this.pen = this.renderer.getCanvases().names.getContext("2d");
    this.renderer.getCanvases().names.style.pointerEvents = "none";
    this.renderer.on("afterRender", () => this.write());
    this.listen(coarse);
  }

  get lit() {
    return this.hovered ?? this.at;
  }

  node(node, data) {
    const colour = this.colours.themes[data.colour - 1];
    const isNear = this.lit === null || this.near.has(node);
    return { ...data, color: isNear ? colour : pale(colour, this.colours.ground, 0.25), zIndex: isNear ? 1 : 0 };
  }

  edge(edge, data) {
    const isLit = this.lit !== null && this.graph.hasExtremity(edge, this.lit);
    const quiet = 0.4 * Math.min(1, Math.sqrt(800 / this.graph.size)); // the more there are, the fainter
    const strength = this.lit === null ? quiet : isLit ? 0.9 : 0.08;
    const share = data.unsure ? strength / 2 : strength;
    const size = isLit ? 1.6 : this.graph.size > 1500 ? 0.6 : 1;
    return { ...data, size, color: pale(this.colours.themes[data.colour - 1], this.colours.ground, share), zIndex: isLit ? 1 : 0 };
  }

  /** Redraws with another node lit. */
  light() {
    this.near = new Set(this.lit === null ? [] : [this.lit, ...this.graph.neighbors(this.lit)]);
    this.renderer.refresh({ skipIndexation: true });
  }

  where(node) {
    return this.renderer.graphToViewport(this.graph.getNodeAttributes(node));
  }

  radius(node) {
    return this.renderer.scaleSize(this.graph.getNodeAttribute(node, "size"));
  }

  /** Names while there is room: of the lit one and its neighbours, else of the best linked; never over one another. */
  names() {
    const { width, height } = this.renderer.getDimensions();
    const order = this.lit === null ? this.graph.nodes() : [...this.near].sort((one, two) => (one === this.lit ? -1 : two === this.lit ? 1 : one - two));
    const taken = [];
    const found = [];
    this.pen.font = this.font;
    for (const node of order) {
      if (found.length === NAMES) break;
      const text = this.graph.getNodeAttribute(node, "short");
      const [{ x, y }, r] = [this.where(node), this.radius(node)];
      const long = (this.widths[node] ??= this.pen.measureText(text).width) + 2 * AIR;
      const half = NAME_SIZE / 2 + AIR;
      const boxes = [
        { left: x + r, right: x + r + long, top: y - half, bottom: y + half, align: "left" },
        { left: x - r - long, right: x - r, top: y - half, bottom: y + half, align: "right" },
      ];
      const fits = (box) => box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height && !taken.some((other) => overlaps(box, other));
      const box = boxes.find(fits);
      if (!box) continue;
      taken.push(box, { left: x - r, right: x + r, top: y - r, bottom: y + r });
      found.push({ node, text, align: box.align, x: box.align === "left" ? box.left + AIR : box.right - AIR, y });
    }
    return found;
  }

  get font() {
    return `500 ${NAME_SIZE}px ${this.colours.serif}`;
  }

  write() {
    const { width, height } = this.renderer.getDimensions();
    const pen = this.pen;
    pen.clearRect(0, 0, width, height);
    if (this.lit !== null) {
      const { x, y } = this.where(this.lit);
      Object.assign(pen, { strokeStyle: this.colours.lit, lineWidth: 2.5 });
      pen.beginPath();
      pen.arc(x, y, this.radius(this.lit) * 1.1 + 3, 0, 2 * Math.PI);
      pen.stroke();
    }
    this.written = this.names();
    Object.assign(pen, { font: this.font, textBaseline: "middle", lineJoin: "round", lineWidth: 3.5, strokeStyle: this.colours.ground });
    for (const { text, x, y, align, node } of this.written) {
      pen.textAlign = align;
      pen.fillStyle = node === this.lit ? this.colours.lit : this.colours.ink;
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
  }

  /** Goes to a node: lights it, brings it into sight and says what it is linked to. */
  go(node) {
    if (node === null || node === undefined) return;
    this.at = String(node);
    this.hovered = null;
    const { x, y } = this.where(this.at);
    const { width, height } = this.renderer.getDimensions();
    if (x < PADDING || y < PADDING || x > width - PADDING || y > height - PADDING) this.move(this.renderer.getNodeDisplayData(this.at));
    this.light();
    this.say();
  }

  move(state) {
    const camera = this.renderer.getCamera();
    const { x, y, ratio } = { ...camera.getState(), ...state };
    if (still()) camera.setState({ x, y, ratio });
    else camera.animate({ x, y, ratio }, { duration: 200 });
  }

  zoom(by) {
    const camera = this.renderer.getCamera();
    this.move({ ratio: camera.getBoundedRatio(camera.ratio * by) });
  }

  leave() {
    this.at = this.hovered = null;
    this.light();
    this.said.replaceChildren();
  }

  /** Built of nodes and not of markup: names are other people's text. */
  say() {
    const { name, word, url } = this.graph.getNodeAttributes(this.at);
    const links = this.graph.mapEdges(this.at, (_, { start, out, back }, one, other) => {
      const isOut = String(start) === this.at;
      return `${isOut ? out : back} ${this.graph.getNodeAttribute(one === this.at ? other : one, "short")}`;
    });
    const more = links.length > TOLD ? [`+${links.length - TOLD}`] : [];
    const line = (...parts) => {
      const row = document.createElement("p");
      row.dir = "auto";
      row.append(...parts);
      return row;
    };
    const title = Object.assign(document.createElement("strong"), { textContent: name });
    const page = Object.assign(document.createElement("a"), { href: url, textContent: this.words.open });
    const said = Object.assign(document.createElement("span"), { textContent: [...links.slice(0, TOLD), ...more].join(" · ") });
    this.said.replaceChildren(line(title, ` · ${word} · `, page), line(`${this.words.links} ${links.length}`, links.length ? " · " : "", said));
  }

  open() {
    if (this.at !== null) location.assign(this.graph.getNodeAttribute(this.at, "url"));
  }

  /** The neighbour that lies most in that direction; without one there, the nearest of all. */
  towards([dx, dy]) {
    if (this.at === null) return 0;
    const here = this.where(this.at);
    const best = (nodes) => {
      let found = null;
      let least = Infinity;
      for (const node of nodes) {
        const { x, y } = this.where(node);
        const [along, across] = [(x - here.x) * dx + (y - here.y) * dy, Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx)];
        const cost = along + 2 * across;
        if (node !== this.at && along > 0 && across <= along * 1.2 && cost < least) [found, least] = [node, cost];
      }
      return found;
    };
    return best(this.graph.neighbors(this.at)) ?? best(this.graph.nodes()) ?? this.at;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (by) => Math.min(Math.max((this.at === null ? -by : Number(this.at)) + by, 0), this.graph.order - 1);
    const acts = {
      Enter: () => this.open(),
      Escape: () => this.leave(),
      Home: () => this.go(0),
      PageDown: () => this.go(step(1)),
      PageUp: () => this.go(step(-1)),
      "+": () => this.zoom(0.7),
      "-": () => this.zoom(1 / 0.7),
      0: () => this.move({ x: 0.5, y: 0.5, ratio: 1 }),
    };
    const act = event.key in ARROWS ? () => this.go(this.towards(ARROWS[event.key])) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  listen(coarse) {
    const { element, renderer } = this;
    const hover = (node) => {
      this.hovered = node;
      this.light();
    };
    renderer.on("enterNode", ({ node }) => hover(node));
    renderer.on("leaveNode", () => hover(null));
    renderer.on("clickNode", ({ node }) => this.go(node));
    renderer.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      this.go(node);
      this.open();
    });
    renderer.on("clickStage", () => this.leave());
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("pointerdown", () => element.focus({ preventScroll: true }));
    element.addEventListener("focus", () => {
      if (this.at === null && element.matches(":focus-visible")) this.go(0);
    });
    // The page keeps scrolling over the picture until the reader turns to it.
    const hold = (on) => {
      renderer.setSetting("enableCameraZooming", on);
      if (!coarse) return;
      renderer.setSetting("enableCameraPanning", on);
      renderer.getCanvases().mouse.style.touchAction = on ? "none" : "pan-y pinch-zoom";
      renderer.getTouchCaptor().enabled = on;
    };
    hold(false);
    element.addEventListener("focus", () => hold(true));
    element.addEventListener("blur", () => hold(false));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = palette(element);
      this.light();
    });
    const acts = {
      nearer: () => this.zoom(0.7),
      farther: () => this.zoom(1 / 0.7),
      whole: () => this.move({ x: 0.5, y: 0.5, ratio: 1 }),
      svg: () => this.saveAsSvg(),
      png: () => this.saveAsPng(),
    };
    for (const button of this.tools.querySelectorAll("[data-graph-do]")) button.addEventListener("click", acts[button.dataset.graphDo]);
    this.offerNames(this.tools.querySelector("#graph-find"), this.tools.querySelector("datalist"));
    this.tools.hidden = false;
  }

  offerNames(field, list) {
    const byName = new Map();
    this.graph.forEachNode((node, { name, short }) => {
      for (const one of [name, short]) if (!byName.has(one)) byName.set(one, node);
    });
    list.append(...this.graph.mapNodes((_, { name }) => Object.assign(document.createElement("option"), { value: name })));
    field.addEventListener("change", () => this.go(byName.get(field.value)));
  }

  /** What is in sight as a drawing: text stays text. */
  drawing() {
    const { width, height } = this.renderer.getDimensions();
    const title = svg("title", {}, this.name);
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, direction: "ltr" });
    root.append(title, svg("rect", { width, height, fill: this.colours.ground }));
    const edges = this.graph.edges().sort((one, two) => this.renderer.getEdgeDisplayData(one).zIndex - this.renderer.getEdgeDisplayData(two).zIndex);
    for (const edge of edges) {
      const [from, to] = this.graph.extremities(edge).map((node) => this.where(node));
      const { color, size } = this.renderer.getEdgeDisplayData(edge);
      const ends = { x1: from.x.toFixed(1), y1: from.y.toFixed(1), x2: to.x.toFixed(1), y2: to.y.toFixed(1) };
      root.append(svg("line", { ...ends, stroke: color, "stroke-width": size }));
    }
    for (const node of this.graph.nodes().reverse()) {
      const { x, y } = this.where(node);
      const { color, shape } = this.renderer.getNodeDisplayData(node);
      const path = svg("path", { d: outline(shape, x, y, this.radius(node)), fill: color, stroke: this.colours.ground });
      path.append(svg("title", {}, this.graph.getNodeAttribute(node, "name")));
      root.append(path);
    }
    for (const { text, x, y, align } of this.names()) {
      const place = { x: x.toFixed(1), y: (y + 4).toFixed(1), "text-anchor": align === "left" ? "start" : "end" };
      const halo = { stroke: this.colours.ground, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
      root.append(svg("text", { ...place, ...halo, "font-family": "serif", "font-size": NAME_SIZE, fill: this.colours.ink }, text));
    }
    return root;
  }

  get name() {
    return document.getElementById("graph-title").textContent.trim();
  }

  saveAsSvg() {
    const source = new XMLSerializer().serializeToString(this.drawing());
    saved(new Blob([source], { type: "image/svg+xml" }), `${this.words.name}.svg`);
  }

  saveAsPng() {
    this.renderer.refresh(); // what WebGL drew is there only until the browser shows it
    const canvases = this.renderer.getCanvases();
    const copy = Object.assign(document.createElement("canvas"), { width: canvases.names.width, height: canvases.names.height });
    const pen = copy.getContext("2d");
    pen.fillStyle = this.colours.ground;
    pen.fillRect(0, 0, copy.width, copy.height);
    for (const layer of ["edges", "nodes", "names"]) pen.drawImage(canvases[layer], 0, 0, copy.width, copy.height);
    copy.toBlob((blob) => saved(blob, `${this.words.name}.png`), "image/png");
  }
}

/** What a page of many links leaves to its picture: how many there are, of what, and what is not drawn. */
function tell(element, { title, note, counts }) {
  const heading = document.querySelector("[data-graph-title]");
  if (heading) heading.textContent = title;
  const said = element.closest("figure").querySelector("[data-graph-note]");
  Object.assign(said, { textContent: note, hidden: !note });
  for (const count of document.querySelectorAll("[data-graph-count]")) count.textContent = counts[count.dataset.graphCount] ?? "";
}

async function draw(element) {
  const words = element.dataset;
  const data = json(words.src);
  data.then((found) => tell(element, found)).catch(() => {}); // whoever waits for the data hears that it failed
  await script(words.graphology);
  await Promise.all([script(words.library), script(words.sigma)]);
  const graph = graphOf(await data, element.offsetWidth * element.offsetHeight);
  await document.fonts.ready; // names are as wide as their letters
  element.dir = "ltr"; // places are counted from the left; names carry their own direction
  const picture = new Picture(element, graph);
  const progress = picture.tools.querySelector("[data-graph-progress]");
  progress.hidden = false;
  await arrange(graph, picture.renderer.getDimensions(), (share) => {
    progress.value = share;
    if (share === 1 || !still()) picture.renderer.refresh();
  });
  progress.hidden = true;
  element.dataset.arranged = "";
}

function fail(element, words) {
  element.textContent = words ?? "";
  element.classList.add("map-failed");
  element.removeAttribute("tabindex");
  element.setAttribute("role", "status");
}

function start(element) {
  if (!hasWebgl()) {
    fail(element, element.dataset.noWebgl);
    return;
  }
  draw(element).catch((error) => {
    fail(element, element.dataset.failed);
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
document.querySelectorAll("[data-graph]").forEach((element) => seen.observe(element));
