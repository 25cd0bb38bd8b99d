// The minutes while they are written: one item at a time, every field saved as one types, nothing ever lost.
// What is typed lies in this browser (localStorage) until the server has said that it has it.

const root = document.getElementById("live");
const base = root.dataset.base;
const phrases = JSON.parse(root.dataset.phrases);
const drafts = `kadens:${root.dataset.person}:${base}:`;
const AFTER = 800, AT_MOST = 5000, POLL = 10000; // milliseconds
const $ = (id) => document.getElementById(id);
const all = (selector, within = root) => [...within.querySelectorAll(selector)];
const [began, opened] = [Number(root.dataset.minute), Date.now()]; // the municipality's time of day, whatever this clock says
const two = (number) => String(number).padStart(2, "0");
const hour = () => { const now = Math.floor(began + (Date.now() - opened) / 60000); return `${two(Math.floor(now / 60) % 24)}:${two(now % 60)}`; };
const dotted = (clock) => clock.replace(":", ".");
root.classList.add("scripted");

// --- fields --------------------------------------------------------------------------------------------------------

class Field {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.field;
    this.kind = element.dataset.kind;
    this.controls = all("textarea, input:not([type=hidden]), select", element).filter((control) => control.name);
    this.version = Number(element.dataset.version);
    this.saved = this.read();
    this.sent = null; // on its way, or its fate unknown
    this.since = 0;
  }
  get box() { return this.controls[0]; }
  get dirty() { return this.read() !== this.saved; }
  read() {
    if (this.kind === "text") return this.box.value.replace(/\s+$/, "");
    const on = this.controls.filter((c) => (c.type !== "checkbox" && c.type !== "radio") || c.checked);
    if (this.kind === "list") return on.map((c) => c.value).join("\n");
    const said = on.map((c) => [c.dataset.part, c.value.trim().replace(/\s+/g, " ")]);
    return said.filter(([, value]) => value).map((pair) => pair.join(": ")).join("\n");
  }
  write(text) {
    if (this.kind === "text") this.box.value = text;
    else if (this.kind === "list") this.controls.forEach((c) => { c.checked = text.split("\n").includes(c.value); });
    else {
      const said = Object.fromEntries(text.split("\n").map((line) => line.split(/: (.*)/s)));
      this.controls.forEach((c) => {
        if (c.type === "radio") c.checked = said[c.dataset.part] === c.value;
        else c.value = said[c.dataset.part] ?? "";
      });
    }
    grow(this.box);
  }
  take(version, text) { this.version = version; this.saved = text; this.write(text); this.forget(); }
  keep() {
    const draft = { base: this.version, text: this.read(), sent: this.sent };
    try { localStorage.setItem(drafts + this.name, JSON.stringify(draft)); } catch { full = true; }
  }
  forget() { localStorage.removeItem(drafts + this.name); this.since = 0; }
}

const fields = new Map(all("[data-field]").map((element) => [element.dataset.field, new Field(element)]));
const fieldOf = (element) => fields.get(element.closest("[data-field]")?.dataset.field);
const open = new Set(); // fields with a conflict not yet settled
let full = false, expired = false, offline = false, failures = 0, timer = 0, busy = null, again = false, problem = "", leaving = false;

function grow(box) {
  if (box?.tagName === "TEXTAREA") { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; }
}

// --- saving --------------------------------------------------------------------------------------------------------

function say() {
  const waiting = [...fields.values()].some((field) => field.dirty);
  const words = problem ? problem
    : expired ? "Inte sparat: du är utloggad."
    : offline ? "Ingen kontakt. Texten finns kvar på den här datorn."
    : open.size ? "Två har skrivit samtidigt. Välj text nedan."
    : waiting ? "Sparar …" : say.at ? `Sparat ${say.at}` : "";
  if ($("saved").textContent !== words) $("saved").textContent = words;
  $("saved").classList.toggle("wrong", Boolean(problem) || expired || offline || open.size > 0);
  $("expired").hidden = !expired;
}

function touched(field) {
  field.keep();
  field.since ||= Date.now();
  problem = full ? "Webbläsaren har inte plats för mer. Stäng inte sidan förrän allt är sparat." : "";
  if (!offline && !expired) later(Math.max(0, Math.min(AFTER, field.since + AT_MOST - Date.now())));
  say();
}

function later(wait) { clearTimeout(timer); timer = setTimeout(flush, wait); }

function flush() {
  clearTimeout(timer);
  again = true;
  busy ??= saving().finally(() => { busy = null; if (again) later(0); say(); });
  return busy;
}

async function saving() {
  while (again) {
    again = false;
    for (const field of fields.values()) if (field.dirty && !open.has(field) && !(await save(field))) return;
  }
}

async function ask(path, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(base + path, { ...options, headers, redirect: "manual", cache: "no-store" });
  return answer.type === "opaqueredirect" ? { status: 401 } : answer;
}

async function save(field) {
  const text = field.read();
  const known = field.sent;
  field.sent = text;
  field.keep();
  try {
    const answer = await ask(`/falt/${encodeURIComponent(field.name)}`, {
      method: "PUT", body: text, keepalive: text.length < 15000,
      headers: { "If-Match": String(field.version), "Content-Type": "text/plain; charset=utf-8" },
    });
    if (answer.status === 401) { expired = true; later(5000); return false; }
    if (answer.status >= 500) throw new Error(String(answer.status));
    const told = await answer.json();
    [failures, offline, expired] = [0, false, false];
    if (answer.status === 412) {
      field.sent = null;
      if (told.text === known) { field.version = told.version; field.saved = told.text; return save(field); } // our own
      return met(field, told);
    }
    if (!answer.ok) { problem = `Inte sparat: ${told.why}`; field.sent = null; return false; }
    Object.assign(field, { version: told.version, saved: text, sent: null, since: 0 });
    if (field.dirty) touched(field); else field.forget();
    say.at = told.at;
    heard(field, told);
    return true;
  } catch {
    offline = true;
    later(Math.min(15000, 1000 * 2 ** failures++));
    return false;
  }
}

function heard(field, told) {
  $("quorum").textContent = told.quorum;
  for (const [name, now] of Object.entries(told.also)) {
    const other = fields.get(name);
    if (other && !other.dirty) other.take(now.version, now.text);
  }
  if (told.warning || field.warned) note(field, told.warning);
  field.warned = Boolean(told.warning);
  const item = field.name.split(":")[1];
  if (field.name.endsWith(":actions")) chips($(`c-${item}`), told.actions, field);
  if (field.name.endsWith(":decisions")) $(`p-${item}`).textContent = told.problems.join(" ");
  states();
}

function made(tag, text, kind = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function chips(list, lines, field) {
  list.replaceChildren(...lines.map((line) => {
    const row = made("li", "", line.problem ? "chips wrong" : "chips");
    row.append(made("span", line.who || "Vem?", `pill ${line.who ? "good" : "warn"}`), " ",
      made("span", line.when || "När?", `pill ${line.when ? "good" : "warn"}`), " ", made("span", line.what || "Vad?", "what"));
    for (const one of line.candidates) {
      const choose = made("button", one.name, "quiet small");
      choose.type = "button";
      choose.onclick = () => put(field, field.box.value.replace(`@${line.mention}`, `@${one.id}`));
      row.append(" ", choose);
    }
    if (!line.candidates.length && (line.problem || line.note)) row.append(" ", made("span", line.problem || line.note, "soft"));
    return row;
  }));
}

function put(field, text) { field.write(text); touched(field); field.box.focus(); }

// --- somebody else -------------------------------------------------------------------------------------------------

function met(field, told) {
  if (field.kind !== "text") { // a row of buttons: the last choice stands, and is said
    field.version = told.version;
    note(field, `${told.by} hade valt: ${told.words || "inget"}. Ditt val gäller.`);
    return save(field);
  }
  open.add(field);
  field.element.querySelector(".conflict")?.remove();
  const box = made("div", "", "conflict");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Två har skrivit samtidigt");
  box.append(made("p", `${told.by || "Någon annan"} har skrivit här under tiden:`), made("pre", told.text || "(tomt)", "beside"));
  const choices = { "Behåll min": () => field.read(), "Ta den andra": () => told.text, "Behåll båda": () => `${told.text}\n\n${field.read()}` };
  const row = made("div", "", "buttons");
  for (const [words, text] of Object.entries(choices)) {
    const choose = made("button", words, "quiet");
    choose.type = "button";
    choose.onclick = () => {
      const chosen = text();
      box.remove();
      open.delete(field);
      field.version = told.version;
      field.saved = told.text;
      field.write(chosen);
      field.box.focus();
      if (field.dirty) touched(field); else { field.forget(); say(); }
    };
    row.append(choose);
  }
  box.append(row);
  field.element.append(box);
  return true;
}

function note(field, words) {
  let line = field.element.querySelector(".other");
  if (!line) { line = made("p", "", "other soft"); line.setAttribute("aria-live", "polite"); field.element.append(line); }
  if (line.textContent !== words) line.textContent = words;
}

async function look() {
  if (document.hidden || offline) return;
  try {
    const answer = await ask("/lage");
    if (answer.status === 401) { expired = true; say(); return; }
    if (!answer.ok) return;
    const told = await answer.json();
    if (expired) { expired = false; flush(); }
    $("quorum").textContent = told.quorum;
    if (told.closed) problem = "Texten är låst och kan inte ändras längre.";
    for (const [name, [version, by, ago]] of Object.entries(told.fields)) {
      const field = fields.get(name);
      if (!field || version <= field.version || field.sent !== null || open.has(field)) continue;
      if (field.dirty || field.element.contains(document.activeElement)) { note(field, `${by || "Någon annan"} har skrivit här.`); continue; }
      const now = await (await ask(`/falt/${encodeURIComponent(name)}`)).json();
      if (!field.dirty) { field.take(now.version, now.text); note(field, `${now.by || "Någon annan"} ${ago < 30 ? "skriver här" : `skrev här ${now.at}`}.`); }
    }
    states();
  } catch { /* the next save will tell */ }
  say();
}

// --- one part at a time --------------------------------------------------------------------------------------------

const sheets = all("[data-sheet]");
let current = sheets[0];

function show(sheet, focus = "") {
  current = sheet ?? current;
  sheets.forEach((each) => each.classList.toggle("current", each === current));
  all(".agenda a").forEach((link) => {
    if (link.hash === `#${current.id}`) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
  });
  $("pick").value = current.id;
  history.replaceState(null, "", `#${current.id}`);
  all("textarea", current).forEach(grow);
  const begun = fields.get(`item:${current.id.slice(7)}:begun`);
  if (begun && running() && !begun.read()) { begun.write(hour()); touched(begun); }
  const target = focus === "text" ? current.querySelector("textarea, input:not([type=hidden])") : current.querySelector("h2");
  if (focus) { target.focus({ preventScroll: true }); root.querySelector(".livebar").scrollIntoView({ block: "start" }); }
  pace();
}

const step = (by, focus = "text") => show(sheets[sheets.indexOf(current) + by], focus);
const running = () => fields.get("meeting:begun").read() && !fields.get("meeting:ended").read();
const minutes = (from, to) => { const [a, b] = [from, to].map((t) => Number(t.slice(0, 2)) * 60 + Number(t.slice(3, 5))); return Math.max(0, b - a); };

function states() {
  const words = { untouched: "obehandlat", "under-way": "pågår", done: "klart" };
  for (const row of all(".agenda [data-item]")) {
    const has = (part) => fields.get(`item:${row.dataset.item}:${part}`)?.read();
    const now = has("done") ? "done" : ["begun", "account", "decisions", "actions"].some(has) ? "under-way" : "untouched";
    row.dataset.state = now;
    const name = row.querySelector(".statename");
    if (name) name.textContent = words[now];
  }
}

function pace() {
  const begun = fields.get("meeting:begun").read();
  $("clock").textContent = begun ? `Öppnat ${dotted(begun)}${running() ? `, ${minutes(begun, hour())} min` : ""}` : "";
  for (const line of all("[data-pace]", current)) {
    const key = `item:${current.id.slice(7)}`;
    const [from, done] = [fields.get(`${key}:begun`).read(), fields.get(`${key}:done`).read()];
    line.hidden = !from || (!done && !running());
    if (line.hidden) continue;
    const spent = minutes(from, done || hour()), planned = Number(current.dataset.planned);
    line.firstElementChild.value = spent;
    line.classList.toggle("over", spent > planned);
    line.lastElementChild.textContent = `${spent} av ${planned} min`;
  }
}

// --- buttons and keys ----------------------------------------------------------------------------------------------

function decisions() { return [...fields.values()].find((f) => f.name.endsWith(":decisions") && current.contains(f.element)); }

function insert(field, text, block = false) {
  const box = field.box, from = box.selectionStart, before = box.value.slice(0, from);
  const gap = !before || before.endsWith("\n\n") ? "" : block ? (before.endsWith("\n") ? "" : "\n") : /\s$/.test(before) ? "" : " ";
  box.setRangeText(gap + text, from, box.selectionEnd, "end");
  grow(box);
  touched(field);
  box.focus();
}

function phrase(key, before) {
  const first = !before || /\n\s*$/.test(before);
  return key === "b" || !first ? phrases[key] : phrases.b + phrases[key];
}

function accept(field) {
  const words = current.querySelector("[data-proposal]")?.textContent;
  if (!field || !words) return;
  const had = field.read();
  if (!had.includes(words)) put(field, had ? `${had}\n\n${words}` : words);
}

const does = {
  help: () => $("help").showModal(),
  next: () => step(1), previous: () => step(-1),
  done: () => {
    const field = fields.get(`item:${current.id.slice(7)}:done`);
    if (field && !field.read()) { field.write(hour()); touched(field); }
    states();
    step(1);
  },
  proposal: () => accept(decisions()),
  everybody: () => {
    for (const row of all("[data-row]")) {
      const choices = all("[data-part=presence]", row);
      if (!choices.some((c) => c.checked)) { choices[0].checked = true; touched(fieldOf(row)); }
    }
  },
};

function aloud() {
  const field = decisions();
  if (!field) return;
  $("aloud-h").textContent = current.querySelector("h2").textContent;
  const away = all(`[name="${field.name.replace("decisions", "recused")}"]:checked`, current).map((c) => c.parentElement.textContent.trim());
  $("aloud-jav").textContent = away.length ? `Deltar inte på grund av jäv: ${away.join(", ")}` : "";
  const blocks = field.read().split(/\n\s*\n/).filter(Boolean);
  $("aloud-text").replaceChildren(...(blocks.length ? blocks : ["Inget beslut är antecknat."]).map((words) => made("p", words)));
  $("aloud").showModal();
}

root.addEventListener("input", (event) => {
  const field = fieldOf(event.target);
  if (!field || !event.target.name) return;
  const box = event.target;
  if (box.tagName === "TEXTAREA") {
    const before = box.value.slice(0, box.selectionStart);
    const typed = before.match(/(^|\s)\/([bglåf])\s$/);
    if (typed) {
      const start = before.length - 3;
      if (typed[2] === "f") { box.setRangeText("", start, box.selectionStart, "end"); accept(decisions()); }
      else box.setRangeText(phrase(typed[2], before.slice(0, start)), start, box.selectionStart, "end");
    }
    grow(box);
  }
  touched(field);
  states();
  pace();
});

root.addEventListener("change", (event) => {
  const box = event.target;
  if (box.id === "pick") show($(box.value), "heading");
  if (box.dataset.insert && box.value) { insert(decisions(), box.dataset.insert + box.value, true); box.value = ""; }
  if ("person" in box.dataset && box.value) {
    const field = [...fields.values()].find((f) => f.name.endsWith(":actions") && current.contains(f.element));
    field.box.setSelectionRange(field.box.value.length, field.box.value.length);
    insert(field, `${field.box.value && !field.box.value.endsWith("\n") ? "\n" : ""}@${box.value} `, true);
    box.value = "";
  }
});

root.addEventListener("click", (event) => {
  const it = event.target.closest("[data-do], [data-phrase], [data-now], [data-aloud], [data-leave], .agenda a");
  if (!it) return;
  if (it.dataset.do) does[it.dataset.do]();
  else if (it.dataset.phrase) {
    const field = decisions();
    insert(field, phrase(it.dataset.phrase, field.box.value.slice(0, field.box.selectionStart)));
  } else if (it.dataset.now) { const field = fields.get(it.dataset.now); put(field, hour()); states(); pace(); }
  else if (it.dataset.aloud) { event.preventDefault(); aloud(); }
  else if ("leave" in it.dataset) { event.preventDefault(); flush().then(() => { location.href = it.href; }); }
  else { event.preventDefault(); show(document.querySelector(it.hash), "heading"); }
});

document.addEventListener("keydown", (event) => {
  const writing = /TEXTAREA|SELECT/.test(event.target.tagName) || (event.target.tagName === "INPUT" && !/radio|checkbox/.test(event.target.type));
  const key = event.altKey && { ArrowDown: "next", ArrowUp: "previous" }[event.key] || (event.ctrlKey && event.key === "Enter" && "done");
  if (document.querySelector("dialog[open]")) return;
  if (key) { event.preventDefault(); does[key](); }
  else if (event.altKey && event.key.toLowerCase() === "l") { event.preventDefault(); aloud(); }
  else if (event.key === "?" && !writing) { event.preventDefault(); does.help(); }
});

// --- coming and going ----------------------------------------------------------------------------------------------

all("form").forEach((form) => form.addEventListener("submit", (event) => {
  if (form.method === "dialog") return;
  event.preventDefault();
  flush().then(() => { if (!form.closest("[data-sheet]") || "guest" in form.dataset) form.submit(); });
}));
document.querySelector('form[action="/logga-ut"]')?.addEventListener("submit", () => { leaving = true; });
addEventListener("beforeunload", (event) => { if ([...fields.values()].some((f) => f.dirty)) { flush(); event.preventDefault(); } });
addEventListener("pagehide", () => {
  if (leaving) Object.keys(localStorage).filter((key) => key.startsWith("kadens:")).forEach((key) => localStorage.removeItem(key));
});
addEventListener("online", flush);
addEventListener("hashchange", () => { const sheet = $(location.hash.slice(1)); if (sheets.includes(sheet)) show(sheet, "heading"); });
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); else look(); });

for (const field of fields.values()) { // what this browser held when it was closed
  const held = localStorage.getItem(drafts + field.name);
  if (!held) continue;
  const draft = JSON.parse(held);
  if (draft.text === field.saved) { field.forget(); continue; }
  const stands = { version: field.version, text: field.saved, by: "" };
  const same = draft.base === field.version || draft.sent === field.saved;
  field.write(draft.text);
  if (same || field.kind !== "text") touched(field);
  else met(field, stands);
}
states();
show(sheets.find((sheet) => `#${sheet.id}` === location.hash) ?? sheets[0]);
say();
setInterval(look, POLL);
setInterval(pace, 15000);
