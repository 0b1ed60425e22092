// The graph as sigma draws it, with its names, its keyboard, what is said of a node, and its SVG and PNG.
const NAME_SIZE = 12; // px
const AIR = 3; // px around a name
const NAMES = 60; // at most, the best linked first
const TOLD = 6; // links said of a node; the others are counted
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const overlaps = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

function svg(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
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
