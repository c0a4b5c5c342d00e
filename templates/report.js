// What the HTML report does beyond being read: it loads stories and comparisons when they are asked for, filters and sorts
// the list, and lets two texts scroll together. Without it everything is there, one below the other.
"use strict";
(() => {
  const root = document.documentElement;
  const main = document.getElementById("main");
  root.classList.add("js");
  const views = () => main.querySelectorAll(":scope > .view");

  // --- views: what stands in <noscript> is text to a browser that runs scripts, and costs it nothing until it is wanted ---

  const stored = new Map();
  for (const box of main.querySelectorAll(":scope > noscript[data-ids]")) {
    for (const id of box.dataset.ids.split(" ")) stored.set(id, box);
  }
  function load(id) {
    const box = stored.get(id);
    if (!box) return;
    for (const one of box.dataset.ids.split(" ")) stored.delete(one);
    const parsed = document.createElement("template");
    parsed.innerHTML = box.textContent;
    for (const view of parsed.content.querySelectorAll(".view")) view.hidden = true;
    box.replaceWith(parsed.content);
  }
  function viewOf(id) {
    for (let name = id; name; name = name.includes("-") ? name.slice(0, name.lastIndexOf("-")) : "") {
      load(name);
      const found = document.getElementById(name);
      if (found && found.closest(".view")) return found.closest(".view");
    }
    return null;
  }
  let first = true;
  function show() {
    const id = location.hash.slice(1);
    if (id === "main") return;
    const all = views();
    const view = (id && viewOf(id)) || all[0];
    if (!view) return;
    for (const one of views()) one.hidden = one !== view;
    const target = id && document.getElementById(id);
    const heading = view.querySelector("h1");
    document.title = heading.textContent + " – retold";
    if (view.classList.contains("compare")) prepare(view);
    if (target && target !== view && view.contains(target)) {
      for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      target.scrollIntoView({ block: "center" });
      lit(target);
    } else if (!first || id) {
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
    first = false;
  }
  function lit(element) {
    for (const old of document.querySelectorAll(".art.lit")) old.classList.remove("lit");
    if (element.classList.contains("art")) element.classList.add("lit");
  }
  addEventListener("hashchange", show);

  // --- the list of stories -------------------------------------------------------------------------------------------

  const list = document.getElementById("rows");
  const data = document.getElementById("data");
  if (list && data) listOfStories(list, JSON.parse(data.textContent));

  function listOfStories(list, data) {
    const rest = document.getElementById("rest");
    const rows = Array.from(list.children, (row) => row.outerHTML);
    if (rest) for (const line of rest.textContent.split("\n")) if (line.startsWith("<li")) rows.push(line);
    const [STEP, MORE] = [100, 400];
    // A list of passages has fewer fields.
    const field = (name) => document.getElementById("f-" + name) ?? { value: "" };
    const [text, outlet, from, to, lang, role, size, order] =
      ["text", "outlet", "from", "to", "lang", "role", "size", "order"].map(field);
    const found = document.getElementById("found");
    const more = document.getElementById("more");
    const words = data.stories.map((story) => story[6].toLowerCase());
    const outlets = new Map(data.outlets.map((name, at) => [name.toLowerCase(), at]));
    const day = (value) => (value ? Math.floor(Date.parse(value + "T00:00:00Z") / 864e5) : null);
    let chosen = [];
    let shown = 0;

    function choose() {
      const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const name = outlet.value.trim().toLowerCase();
      // A whole name is that outlet; a part of one is all that have it.
      const named = !name ? null : outlets.has(name) ? new Set([outlets.get(name)])
        : new Set(data.outlets.flatMap((one, at) => (one.toLowerCase().includes(name) ? [at] : [])));
      const [begin, end] = [day(from.value), day(to.value)];
      const language = lang.value ? data.languages.indexOf(lang.value) : null;
      const bit = role.value === "" ? 0 : 1 << Number(role.value);
      const least = Number(size.value) || 1;
      chosen = [];
      data.stories.forEach(([articles, first, last, code, roles, who, ,], at) => {
        if (articles < least || (language !== null && code !== language) || (bit && !(roles & bit))) return;
        if (begin !== null && (last === null || last < begin)) return;
        if (end !== null && (first === null || first > end)) return;
        if (named && !who.some((one) => named.has(one))) return;
        if (!wanted.every((word) => words[at].includes(word))) return;
        chosen.push(at);
      });
      const key = { first: 1, last: 2, origins: 7 }[order.value];
      if (key) {
        const up = order.value === "first" ? 1 : -1;
        const value = (at) => data.stories[at][key] ?? up * Infinity;
        const compare = (a, b) => (a === b ? 0 : a < b ? -up : up);
        chosen.sort((a, b) => compare(value(a), value(b)) || a - b);
      }
      list.innerHTML = "";
      shown = 0;
      extend(STEP);
      const articles = chosen.reduce((sum, at) => sum + data.stories[at][0], 0);
      const what = found.dataset.what ?? "stories";
      found.textContent = `${chosen.length} of ${rows.length} ${what}, with ${articles} articles.`;
    }
    function extend(by) {
      const next = chosen.slice(shown, shown + by);
      list.insertAdjacentHTML("beforeend", next.map((at) => rows[at]).join(""));
      shown += next.length;
      more.hidden = shown >= chosen.length;
      more.textContent = `Show more (${chosen.length - shown} left)`;
    }
    let waiting = 0;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(choose, 120);
    };
    const form = document.getElementById("filters");
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", soon);
    more.addEventListener("click", () => {
      const next = shown;
      extend(MORE);
      list.children[next]?.querySelector("a")?.focus();
    });
    const histogram = document.querySelector(".hist");
    histogram?.addEventListener("click", (event) => {
      const bar = event.target.closest("g[data-from]");
      if (!bar) return;
      [from.value, to.value] = [bar.dataset.from, bar.dataset.to];
      choose();
      document.getElementById("list-h").scrollIntoView();
    });
    chosen = rows.map((_, at) => at);
    shown = list.children.length;
    more.hidden = shown >= rows.length;
    more.textContent = `Show more (${rows.length - shown} left)`;
  }

  // --- two texts side by side ----------------------------------------------------------------------------------------

  function prepare(view) {
    if (view.dataset.ready) return;
    view.dataset.ready = "yes";
    const cols = Array.from(view.querySelectorAll(".col"));
    if (cols.length !== 2) return;
    const eyes = Array.from(view.querySelectorAll(".eye"));
    const number = (col, n) => col.querySelector(`.n[data-p="${n}"]`);
    const here = Array.from(cols[0].querySelectorAll(".n"), (a) => a.dataset.p);

    // Places that belong together, in the order of both texts; in between positions are stretched.
    function anchors() {
      const pairs = [[0, 0]];
      const place = (col, a) => a.getBoundingClientRect().top - col.getBoundingClientRect().top + col.scrollTop - 24;
      for (const n of here) {
        const [a, b] = cols.map((col) => number(col, n));
        if (!a || !b || a.classList.contains("off")) continue;
        const pair = [place(cols[0], a), place(cols[1], b)];
        const last = pairs[pairs.length - 1];
        if (pair[0] > last[0] && pair[1] > last[1]) pairs.push(pair);
      }
      const ends = cols.map((col) => col.scrollHeight);
      pairs.push(ends);
      return pairs;
    }
    function across(pairs, side, at) {
      let k = 1;
      while (k < pairs.length - 1 && pairs[k][side] <= at) k++;
      const [low, high] = [pairs[k - 1], pairs[k]];
      const share = (at - low[side]) / Math.max(1, high[side] - low[side]);
      return low[1 - side] + share * (high[1 - side] - low[1 - side]);
    }
    function look() {
      cols.forEach((col, side) => {
        const eye = eyes.find((one) => Number(one.dataset.side) === side);
        eye.setAttribute("y", (400 * col.scrollTop) / col.scrollHeight);
        eye.setAttribute("height", Math.min(400, (400 * col.clientHeight) / col.scrollHeight));
      });
    }
    // A column that was moved by the other one does not move it back.
    const moved = [null, null];
    cols.forEach((col, side) => {
      col.addEventListener("scroll", () => {
        look();
        if (moved[side] !== null && Math.abs(col.scrollTop - moved[side]) < 2) {
          moved[side] = null;
          return;
        }
        moved[side] = null;
        const other = cols[1 - side];
        const wanted = across(anchors(), side, col.scrollTop);
        const before = other.scrollTop;
        other.scrollTop = wanted;
        if (other.scrollTop !== before) moved[1 - side] = other.scrollTop;
        look();
      }, { passive: true });
    });

    function jump(side, n, focus) {
      const col = cols[side];
      const to = number(col, n);
      if (!to) return;
      if (to.getBoundingClientRect().bottom < 0 || to.getBoundingClientRect().top > innerHeight) col.scrollIntoView({ block: "nearest" });
      cols.forEach((one, at) => {
        const a = number(one, n);
        if (!a) return;
        const top = a.getBoundingClientRect().top - one.getBoundingClientRect().top + one.scrollTop - 24;
        const before = one.scrollTop;
        one.scrollTop = top;
        if (one.scrollTop !== before) moved[at] = one.scrollTop;
      });
      for (const mark of view.querySelectorAll("mark")) mark.classList.toggle("lit", mark.dataset.p === n);
      if (focus) to.focus({ preventScroll: true });
      look();
    }
    view.addEventListener("click", (event) => {
      const a = event.target.closest(".n");
      if (a) {
        const col = a.closest(".col");
        jump(col ? 1 - Number(col.dataset.side) : 0, a.dataset.p ?? a.closest("li").dataset.p, true);
        event.preventDefault();
        return;
      }
      const mark = event.target.closest("mark:not(.off)");
      if (mark && !String(getSelection())) jump(1 - Number(mark.closest(".col").dataset.side), mark.dataset.p, true);
      const map = event.target.closest(".map");
      if (map) {
        const box = map.getBoundingClientRect();
        const side = event.clientX - box.left < box.width / 2 ? 0 : 1;
        const col = cols[side];
        col.scrollTop = ((event.clientY - box.top) / box.height) * col.scrollHeight - col.clientHeight / 2;
      }
    });
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
      const step = { n: 1, p: -1 }[event.key];
      const now = document.activeElement.closest?.(".col .n");
      const side = now ? Number(now.closest(".col").dataset.side) : Number(document.activeElement.closest?.(".col")?.dataset.side ?? 0);
      const open = Array.from(cols[side].querySelectorAll(".n:not(.off)"), (a) => a.dataset.p);
      if (!open.length) return;
      if (step) {
        const at = now ? open.indexOf(now.dataset.p) : step > 0 ? -1 : 0;
        jump(side, open[(at + step + open.length) % open.length], true);
      } else if (event.key === "o" && now) {
        jump(1 - side, now.dataset.p, true);
      } else return;
      event.preventDefault();
    });

    const tools = view.querySelector(".tools");
    tools?.addEventListener("submit", (event) => event.preventDefault());
    tools?.addEventListener("input", () => {
      const quote = tools.querySelector(".t-quote").checked;
      const furniture = tools.querySelector(".t-furniture").checked;
      const least = Number(tools.querySelector(".t-least").value) || 1;
      for (const item of view.querySelectorAll(".passages > li")) {
        const { p, kind, words } = item.dataset;
        const off = (kind === "quote" && !quote) || ((kind === "furniture" || kind === "headline") && !furniture) || Number(words) < least;
        item.classList.toggle("off", off);
        for (const part of view.querySelectorAll(`.pair [data-p="${p}"]`)) part.classList.toggle("off", off);
      }
    });
    look();
  }

  show();
})();
