// Where nodes stand: arranged by ForceAtlas2 from the places the server says. Nothing is left to chance and no clock is
// asked how far to go: the same data is the same picture on every machine.
const STEPS = 240; // of arranging, for up to 300 nodes; fewer for more
const STEPS_AT_ONCE = 4; // then the reader's finger is answered
const PUSHES = 8; // times ten steps of pushing apart what lies over one another
const WIDE = 400_000; // px² of a picture on a desktop
const PADDING = 24; // px between the picture and its edge
const LONGEST_NAME = 34;

const pause = () => new Promise((resolve) => setTimeout(resolve));

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
