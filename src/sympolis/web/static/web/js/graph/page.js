// What the page does with it: the data is asked for once the picture comes into sight.
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
