// The graph's view → an SVG to walk through: pointer, wheel, keyboard, search. Only what is in sight is in the document.
const COLUMN = 220, ROW = 58, WIDTH = 172, HEIGHT = 44, MARGIN = 60, LABELS_FROM = 0.35;
const GLYPHS = { cell: "[ ]", dataset: "▤", model: "◆", deployment: "▲", report: "✎", run: "▶" };
const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes = {}, children = [], space) {
  const made = space ? document.createElementNS(space, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
const svg = (name, attributes, children) => element(name, attributes, children, SVG);
const cut = (words, most) => (words.length <= most ? words : "…" + words.slice(1 - most));
const words = (node) => [`${node.kind} ${node.name}`, node.size > 1 ? `${node.size} together` : node.version && `version ${node.version}`].filter(Boolean).join(", ");

class Graph {
  constructor(view, { onExpand }) {
    this.onExpand = onExpand;
    this.input = element("input", { type: "search", placeholder: "search ( / )", "aria-label": "search the graph" });
    this.count = element("span", { role: "status" });
    const button = (label, title, act) => {
      const made = element("button", { type: "button", title, "aria-label": title }, [label]);
      made.addEventListener("click", act);
      return made;
    };
    this.edgeLayer = svg("g", { class: "edges" });
    this.nodeLayer = svg("g");
    this.world = svg("g", {}, [this.edgeLayer, this.nodeLayer]);
    this.svg = svg("svg", { role: "application", "aria-roledescription": "graph" }, [this.world]);
    this.stage = element("div", { class: "stage" }, [this.svg]);
    this.facts = element("div", { class: "facts", "aria-live": "polite" });
    this.headline = element("p");
    const bar = element("div", { class: "bar" }, [this.input, button("+", "zoom in", () => this.zoom(1.25)), button("−", "zoom out", () => this.zoom(0.8)),
      button("fit", "show everything", () => this.fit()), this.count]);
    this.root = element("section", { class: "mlops-live mlops-report mlops-lineage", "aria-label": "lineage" }, [this.headline, bar, this.stage, this.facts]);
    this.listen();
    this.show(view);
  }

  show(view) {
    this.view = view;
    this.up = view.nodes.map(() => []);
    this.down = view.nodes.map(() => []);
    for (const [source, target] of view.edges) { this.down[source].push(target); this.up[target].push(source); }
    this.chosen = -1;
    this.lit = null;
    this.drawn = new Map();
    this.nodeLayer.replaceChildren();
    this.current = Math.max(0, view.nodes.findIndex((node) => node.focus));
    this.headline.textContent = view.headline;
    this.svg.setAttribute("aria-label", `${view.headline}. ${view.nodes.length} nodes. Left and right arrow follow edges, up and down go to neighbours, Enter chooses.`);
    this.count.textContent = view.hidden ? `${view.total} things, ${view.hidden} of them in groups: Enter opens a group` : `${view.total} things`;
    this.facts.replaceChildren(element("p", {}, ["Choose a node to see its facts, what made it and what it made."]));
    this.fit();
  }

  at(index) {
    const node = this.view.nodes[index];
    return [node.x * COLUMN, node.y * ROW];
  }

  fit() {
    const { nodes } = this.view;
    const box = this.stage.getBoundingClientRect();
    const width = Math.max(1, ...nodes.map((node) => node.x + 1)) * COLUMN, height = Math.max(1, ...nodes.map((node) => node.y + 1)) * ROW;
    this.scale = Math.min(1.2, Math.max(0.02, Math.min((box.width || 800) / width, (box.height || 420) / height) * 0.96));
    this.x = ((box.width || 800) - width * this.scale) / 2 + 20 * this.scale;
    this.y = ((box.height || 420) - height * this.scale) / 2;
    this.ask();
  }

  zoom(factor, cx = this.stage.clientWidth / 2, cy = this.stage.clientHeight / 2) {
    const scale = Math.min(3, Math.max(0.02, this.scale * factor));
    this.x = cx - ((cx - this.x) * scale) / this.scale;
    this.y = cy - ((cy - this.y) * scale) / this.scale;
    this.scale = scale;
    this.ask();
  }

  ask() {
    if (!this.asked) this.asked = requestAnimationFrame(() => { this.asked = 0; this.draw(); });
  }

  visible(index) {
    const [x, y] = this.at(index), left = x * this.scale + this.x, top = y * this.scale + this.y;
    return left > -WIDTH * this.scale - MARGIN && left < this.stage.clientWidth + MARGIN && top > -HEIGHT * this.scale - MARGIN && top < this.stage.clientHeight + MARGIN;
  }

  draw() {
    this.world.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.world.setAttribute("class", this.lit ? "selected" : "");
    const labels = this.scale >= LABELS_FROM;
    if (labels !== this.labels) { this.labels = labels; this.drawn.clear(); this.nodeLayer.replaceChildren(); }
    const held = document.activeElement?.closest?.(".node") ? this.current : -1;
    this.view.nodes.forEach((_, index) => {
      const wanted = index === held || index === this.current || this.visible(index);
      const shape = this.drawn.get(index);
      if (wanted && !shape) { const made = this.shape(index, labels); this.drawn.set(index, made); this.nodeLayer.append(made); }
      if (!wanted && shape) { shape.remove(); this.drawn.delete(index); }
    });
    for (const [index, shape] of this.drawn) {
      shape.classList.toggle("lit", Boolean(this.lit?.has(index)));
      shape.classList.toggle("chosen", index === this.chosen);
      shape.setAttribute("tabindex", index === this.current ? "0" : "-1");
      shape.setAttribute("aria-pressed", String(index === this.chosen));
    }
    this.drawEdges();
    this.root.dataset.drawn = String(this.drawn.size);
  }

  drawEdges() {
    // One path for all quiet edges and one for the lit: thousands of edges are two elements.
    const quiet = [], lit = [];
    for (const [source, target] of this.view.edges) {
      const on = this.lit?.has(source) && this.lit.has(target);
      if (!on && !this.drawn.has(source) && !this.drawn.has(target)) continue;
      const [x1, y1] = this.at(source), [x2, y2] = this.at(target), y = y2 + HEIGHT / 2, bend = Math.max(24, (x2 - x1 - WIDTH) / 2);
      (on ? lit : quiet).push(`M${x1 + WIDTH} ${y1 + HEIGHT / 2}C${x1 + WIDTH + bend} ${y1 + HEIGHT / 2} ${x2 - bend} ${y} ${x2 - 5} ${y}l-4 -3m4 3l-4 3`);
    }
    this.edgeLayer.replaceChildren(svg("path", { d: quiet.join("") }), svg("path", { d: lit.join(""), class: "lit" }));
  }

  shape(index, labels) {
    const node = this.view.nodes[index], [x, y] = this.at(index);
    const live = node.marks.some((mark) => mark.startsWith("live")), stale = node.marks.some((mark) => mark.startsWith("stale"));
    const made = svg("g", { class: `node ${node.kind}${node.focus ? " focus" : ""}${stale ? " stale" : ""}`, role: "button", transform: `translate(${x} ${y})`,
      "aria-label": [words(node), ...node.marks, `made from ${this.up[index].length}`, `used by ${this.down[index].length}`].join(", ") });
    if (node.size > 1) made.append(svg("rect", { x: 4, y: 4, width: WIDTH, height: HEIGHT, rx: 6 }));
    made.append(svg("rect", { width: WIDTH, height: HEIGHT, rx: 6 }));
    if (labels) {
      made.append(svg("text", { x: 10, y: 18, class: "strong" }, [cut(node.name, 24)]));
      made.append(svg("text", { x: 10, y: 34, class: "small" }, [`${GLYPHS[node.kind]} ${live ? "● " : node.marks.length ? "⚠ " : ""}${cut(`${node.kind} ${node.version}`, 22)}`]));
    }
    made.append(svg("title", {}, [[words(node), ...node.marks].join("; ")]));
    made.addEventListener("click", () => { this.current = index; this.choose(index); this.focus(); });
    made.addEventListener("dblclick", () => this.open(index));
    return made;
  }

  reach(index, next) {
    const found = new Set([index]), stack = [index];
    while (stack.length) for (const other of next[stack.pop()]) if (!found.has(other)) { found.add(other); stack.push(other); }
    return found;
  }

  choose(index) {
    this.chosen = index;
    if (index < 0) { this.lit = null; this.facts.replaceChildren(); this.ask(); return; }
    const above = this.reach(index, this.up), below = this.reach(index, this.down), node = this.view.nodes[index];
    this.lit = new Set([...above, ...below]);
    const rows = [["made from", `${above.size - 1} above, ${this.up[index].length} directly`], ["used by", `${below.size - 1} below, ${this.down[index].length} directly`],
      ...node.marks.map((mark) => mark.split(/: (.*)/s)), ...node.facts];
    const list = element("dl", {}, rows.flatMap(([key, value]) => [element("dt", {}, [key]), element("dd", {}, [value])]));
    this.facts.replaceChildren(element("strong", {}, [words(node)]), list);
    this.ask();
  }

  open(index) {
    const { group } = this.view.nodes[index];
    if (group) this.onExpand?.(group);
  }

  focus() {
    const [x, y] = this.at(this.current);
    if (this.scale < LABELS_FROM) { this.scale = 0.8; this.x = this.stage.clientWidth / 2 - (x + WIDTH / 2) * 0.8; this.y = this.stage.clientHeight / 2 - y * 0.8; }
    const left = x * this.scale + this.x, top = y * this.scale + this.y;
    if (left < 10) this.x += 10 - left;
    if (left + WIDTH * this.scale > this.stage.clientWidth - 10) this.x -= left + WIDTH * this.scale - this.stage.clientWidth + 10;
    if (top < 10) this.y += 10 - top;
    if (top + HEIGHT * this.scale > this.stage.clientHeight - 10) this.y -= top + HEIGHT * this.scale - this.stage.clientHeight + 10;
    this.draw();
    this.drawn.get(this.current)?.focus({ preventScroll: true });
  }

  step(key) {
    const { nodes } = this.view, here = nodes[this.current];
    const nearest = (list) => list.reduce((best, index) => (best < 0 || Math.abs(nodes[index].y - here.y) < Math.abs(nodes[best].y - here.y) ? index : best), -1);
    const side = key === "ArrowUp" ? -1 : 1;
    const layer = () => nodes.map((_, index) => index).filter((index) => nodes[index].x === here.x && (nodes[index].y - here.y) * side > 0);
    const found = key === "ArrowLeft" ? nearest(this.up[this.current]) : key === "ArrowRight" ? nearest(this.down[this.current]) : nearest(layer());
    if (found >= 0) { this.current = found; this.focus(); }
  }

  search() {
    const asked = this.input.value.trim().toLowerCase();
    if (!asked) { this.count.textContent = `${this.view.total} things`; this.choose(-1); return; }
    const found = this.view.nodes.map((_, index) => index).filter((index) => `${words(this.view.nodes[index])} ${this.view.nodes[index].facts.flat().join(" ")}`.toLowerCase().includes(asked));
    this.count.textContent = `${found.length} found`;
    this.lit = new Set(found);
    if (found.length) { this.current = found[0]; }
    this.ask();
  }

  keys(event) {
    if (event.target === this.input) {
      if (event.key === "Enter") this.focus();
      if (event.key === "Escape") { this.input.value = ""; this.search(); this.focus(); }
      event.stopPropagation();
      return;
    }
    const acts = { Enter: () => { this.choose(this.current); this.open(this.current); }, " ": () => this.choose(this.current), Escape: () => this.choose(-1),
      "+": () => this.zoom(1.25), "-": () => this.zoom(0.8), 0: () => this.fit(), "/": () => this.input.focus() };
    const act = event.key.startsWith("Arrow") ? () => this.step(event.key) : acts[event.key];
    if (!act || event.target.closest("button")) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook has shortcuts of its own for these keys
    act();
  }

  listen() {
    this.root.addEventListener("keydown", (event) => this.keys(event));
    this.input.addEventListener("input", () => this.search());
    this.nodeLayer.addEventListener("focusin", (event) => {
      for (const [index, shape] of this.drawn) if (shape === event.target) this.current = index;
    });
    this.stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = this.stage.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    let from = null;
    this.stage.addEventListener("pointerdown", (event) => { from = event.target.closest(".node") ? null : [event.clientX - this.x, event.clientY - this.y]; });
    this.stage.addEventListener("pointermove", (event) => {
      if (!from || !event.buttons) return;
      [this.x, this.y] = [event.clientX - from[0], event.clientY - from[1]];
      this.ask();
    });
    this.stage.addEventListener("pointerup", () => { from = null; });
    this.watch = new ResizeObserver(() => this.ask());
    this.watch.observe(this.stage);
  }
}

function render({ model, el }) {
  const graph = new Graph(model.get("view"), { onExpand: (group) => { model.set("expanded", [...model.get("expanded"), group]); model.save_changes(); } });
  el.append(graph.root);
  requestAnimationFrame(() => graph.fit());
  const changed = () => graph.show(model.get("view"));
  model.on("change:view", changed);
  return () => { model.off("change:view", changed); graph.watch.disconnect(); };
}

export default { render };
