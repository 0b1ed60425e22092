// A session as it goes on: what is typed is kept until it is known to have arrived, and what others say comes in.
const root = document.querySelector("[data-session]");
const form = root.querySelector("[data-session-say]");
const list = root.querySelector("[data-session-list]");
const status = root.querySelector("[data-session-status]");
const EVERY_MS = 2000;
const JITTER_MS = 500;
const LONGEST_PAUSE_MS = 30000;
const key = (name) => `sympolis:${root.dataset.page}:${name}`;

function kept(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key(name))) ?? fallback;
  } catch {
    return fallback;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(key(name), JSON.stringify(value));
  } catch {
    // A full or forbidden store: the page still sends.
  }
}

let waiting = kept("waiting", []);

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(words, kind = "info") {
  status.hidden = !words;
  status.className = `notice notice-${kind}`;
  const line = document.createElement("p");
  line.textContent = words;
  status.replaceChildren(line);
}

/** Put rows the server made where they belong: a changed one in its place, a new one on top. */
function show(html) {
  if (!list) return;
  const rows = new DOMParser().parseFromString(`<ul>${html}</ul>`, "text/html").querySelectorAll("li[data-said]");
  for (const row of rows) {
    const there = document.getElementById(row.id);
    if (there && there.querySelector("details[open]")) continue; // somebody is changing it
    if (there) there.replaceWith(row);
    else list.prepend(row);
  }
}

async function send(one) {
  const body = new URLSearchParams({ ...one, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
  if (!answer.ok && !isSentence) throw new Error(`${answer.status}`); // no answer of this page's: it waits
  return answer;
}

/** Words that were refused are not lost: they come back below what is being typed. */
function putBack(words) {
  form.elements.text.value = [form.elements.text.value.trim(), words].filter(Boolean).join("\n\n");
  keep("draft", { text: form.elements.text.value, table: form.elements.table.value });
}

/** Where nothing can be put in any more, what did not arrive in time is shown, so that somebody can hand it over. */
function showUnsent() {
  const words = [...waiting.map((one) => one.text), kept("draft", {}).text ?? ""].filter((text) => text.trim());
  if (!words.length) return;
  say(root.dataset.unsent, "warning");
  const shown = document.createElement("p");
  shown.dir = "auto";
  shown.className = "list-text";
  shown.innerText = words.join("\n\n");
  const away = document.createElement("button");
  away.type = "button";
  away.className = "button-quiet button-small";
  away.textContent = root.dataset.copied;
  away.addEventListener("click", () => {
    waiting = [];
    keep("waiting", waiting);
    keep("draft", {});
    status.hidden = true;
  });
  status.append(shown, away);
}

/** Counted as the server does. What was pasted is never cut to fit. */
function isTooLong(text) {
  return [...text.trim()].length > Number(root.dataset.longest);
}

let sending = false;

/** Send what waits, the oldest first; what can't go out now stays. */
async function flush() {
  if (sending || !form) return;
  sending = true;
  try {
    while ((waiting = kept("waiting", waiting)).length) {
      const [one] = waiting;
      const answer = await send(one);
      waiting = kept("waiting", waiting).filter((other) => other.client_id !== one.client_id);
      keep("waiting", waiting);
      if (answer.ok) {
        show(await answer.text());
        say(root.dataset.sent, "done");
      } else {
        putBack(one.text);
        say(await answer.text(), "error");
      }
    }
  } catch {
    say(root.dataset.waiting, "warning");
  } finally {
    sending = false;
  }
}

if (form) {
  const draft = kept("draft", {});
  form.elements.text.value ||= draft.text ?? "";
  form.elements.table.value ||= draft.table ?? "";
  form.addEventListener("input", () => {
    keep("draft", { text: form.elements.text.value, table: form.elements.table.value });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.elements.text.value;
    if (!text.trim()) return;
    if (isTooLong(text)) return say(root.dataset.long, "error"); // all of it stays in the box
    const one = { client_id: newId(), text, kind: form.elements.kind.value, table: form.elements.table.value };
    waiting = [...kept("waiting", waiting), one]; // another window may have put something there
    keep("waiting", waiting);
    form.elements.text.value = "";
    keep("draft", { text: "", table: form.elements.table.value });
    form.elements.text.focus();
    flush();
  });
  addEventListener("online", flush);
} else {
  showUnsent();
}

/** What somebody is changing when the session moves on joins what they were typing. */
function keepChanges() {
  const boxes = [...(list?.querySelectorAll("details[open] textarea") ?? [])];
  const words = boxes.filter((box) => box.value !== box.defaultValue).map((box) => box.value);
  if (!words.length) return;
  const draft = kept("draft", {});
  keep("draft", { ...draft, text: [draft.text, ...words].filter(Boolean).join("\n\n") });
}

let sequence = Number(root.dataset.sequence);
const hasDots = root.dataset.phase === "prioritise"; // how many are left stands on the page
let pause = EVERY_MS;

async function look() {
  try {
    const { since, phase, dots } = root.dataset;
    const address = `${since}?sequence=${sequence}&phase=${phase}&dots=${dots}`;
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
    if (answer.status === 200) {
      if (answer.headers.get("X-Phase") !== phase || (hasDots && answer.headers.get("X-Dots") !== dots)) {
        say(root.dataset.moved);
        keepChanges();
        location.assign(root.dataset.page); // the draft is kept
        return;
      }
      root.dataset.dots = answer.headers.get("X-Dots") ?? dots;
      show(await answer.text());
      sequence = Number(answer.headers.get("X-Sequence"));
    }
    pause = EVERY_MS;
    if (waiting.length) flush();
  } catch {
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  setTimeout(look, pause + Math.random() * JITTER_MS);
}

setTimeout(look, EVERY_MS);
flush();
