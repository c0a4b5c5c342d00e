// Drives the real files of the HTML report in a headless Chromium.
//
//   node tests/browser/run.mjs RETOLD [CHROMIUM]
//
// RETOLD is the program that makes the reports. axe-core has to be installed beside this file (npm ci).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const data = join(here, "../../data/newswire");
const retold = resolve(process.argv[2] ?? join(here, "../../target/debug/retold"));
const chromium = process.argv[3] ?? "chromium";
const only = process.env.ONLY;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const out = mkdtempSync(join(tmpdir(), "retold-reports-"));
const make = (name, ...args) => {
  execFileSync(retold, [...args, "--quiet", "-o", join(out, name)], { stdio: ["ignore", "ignore", "pipe"] });
  return join(out, name);
};

const tests = [];
const test = (name, run) => tests.push([name, run]);
let browser;

// Opens a file, and in the end holds the page against what no page may do.
async function on(file, options, run) {
  const page = await browser.open(file, options);
  try {
    await run(page);
    assert.deepEqual(page.complaints, [], "errors in the console, or requests to anywhere");
  } finally {
    await page.close();
  }
}
const visible = (selector) => Array.from(document.querySelectorAll(selector)).filter((e) => e.checkVisibility()).length;
const text = (selector) => document.querySelector(selector).innerText;
const rows = () => Array.from(document.querySelectorAll("#rows > li > a"), (a) => a.textContent);

async function audit(page, what) {
  await page.send("Runtime.evaluate", { expression: axe });
  const found = await page.ask(async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false });
    return violations.filter((v) => ["serious", "critical"].includes(v.impact))
      .map((v) => `${v.id}: ${v.help}; ${v.nodes.slice(0, 3).map((n) => n.target + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
  });
  assert.deepEqual(found, [], `accessibility of ${what}`);
}

let report, folder, long, compare, quotes, passages, hostile, hostileFolder;
const DAM = "Six dead as dam spillway collapses above Aldbrook";
const storyOf = (page, title) => page.ask((title) => Array.from(document.querySelectorAll("#rows > li > a")).find((a) => a.textContent === title).getAttribute("href"), title);

// --- the front page -----------------------------------------------------------------------------------------------------

test("the front page says what was read and found", () => on(report, {}, async (page) => {
  assert.match(await page.ask(text, "h1"), /^40 stories in 90 articles from 25 outlets$/);
  const counts = await page.ask(text, ".counts");
  for (const fact of ["23 of two or more articles", "17 of one", "10 republished texts", "90 read from"]) assert.ok(counts.includes(fact), `${fact}: ${counts}`);
  assert.equal((await page.ask(rows))[0], DAM);
  assert.equal(await page.ask(visible, ".view"), 1);
  assert.ok((await page.ask(visible, ".hist g")) > 20);
}));

test("filters and orders choose among the stories", () => on(report, {}, async (page) => {
  const found = () => page.ask(text, "#found");
  const filter = async (id, value) => {
    const before = await found();
    await page.ask((id, value) => {
      const field = document.getElementById(id);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, id, value);
    await page.until((before) => document.getElementById("found").innerText !== before, before);
    return found();
  };
  const reset = async () => {
    await page.click("#filters button[type=reset]");
    await page.until(() => document.getElementById("found").innerText.startsWith("40 of 40"));
  };
  assert.match(await filter("f-text", "spillway"), /^[1-3] of 40 stories/);
  assert.ok((await page.ask(rows)).includes(DAM));
  await reset();
  assert.match(await filter("f-lang", "de"), /^3 of 40 stories, with 6 articles/);
  assert.match(await filter("f-size", "4"), /^[01] of 40/);
  await reset();
  const ledger = Number((await filter("f-outlet", "The Harbour Ledger")).match(/^\d+/)[0]);
  assert.ok(ledger >= 3 && ledger < 20, `${ledger}`);
  for (const row of await page.ask(() => Array.from(document.querySelectorAll("#rows > li"), (li) => li.innerText))) assert.ok(row.includes("Harbour Ledger"), row);
  await reset();
  assert.match(await filter("f-role", await page.ask(() => Array.from(document.querySelectorAll("#f-role option")).find((o) => o.text === "live blog").value)), /^1 of 40/);
  await reset();
  await filter("f-from", "2031-03-04");
  assert.ok((await filter("f-to", "2031-03-05")).startsWith("1 of 40"), await found());
  await reset();
  await page.ask(() => {
    const order = document.getElementById("f-order");
    order.value = "first";
    order.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.until((dam) => document.querySelector("#rows > li > a").textContent !== dam, DAM);
  const dates = await page.ask(() => Array.from(document.querySelectorAll("#rows > li .meta"), (m) => m.innerText.match(/\d{4}-\d\d-\d\d/)?.[0]).filter(Boolean));
  assert.deepEqual(dates, [...dates].sort());
}));

test("a click on the histogram sets the dates", () => on(report, {}, async (page) => {
  await page.ask(() => document.querySelector(".hist g").dispatchEvent(new MouseEvent("click", { bubbles: true })));
  const [from, to] = await page.ask(() => [document.getElementById("f-from").value, document.getElementById("f-to").value]);
  assert.ok(from && to && from <= to);
  assert.ok((await page.ask(rows)).length < 40);
}));

test("a long list is shown in steps, and searched to its end", async () => {
  await on(long, {}, async (page) => {
    assert.equal((await page.ask(rows)).length, 100);
    const all = Number((await page.ask(text, "h1")).match(/^\d+/)[0]);
    assert.ok(all > 200, `${all}`);
    await page.click("#more");
    assert.equal((await page.ask(rows)).length, all);
    assert.equal(await page.ask(visible, "#more"), 0);
    const last = (await page.ask(rows))[all - 1];
    await page.ask((last) => {
      const field = document.getElementById("f-text");
      field.value = last;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, last);
    await page.until(() => document.querySelectorAll("#rows > li").length === 1);
    await page.click("#rows > li > a");
    await page.until(() => document.querySelector(".story:not([hidden]) h1"));
    assert.equal(await page.ask(text, ".story:not([hidden]) h1"), last);
  });
  await on(long, { scripts: false }, async (page) => {
    assert.ok((await page.ask(() => document.querySelectorAll(".rows > li").length)) > 200);
  });
});

// --- stories ------------------------------------------------------------------------------------------------------------

test("a story is loaded when it is asked for, and back leads back", () => on(report, {}, async (page) => {
  assert.equal(await page.ask(visible, ".story"), 0);
  await page.click("#rows > li > a");
  await page.until(() => document.querySelector(".story:not([hidden]) h1"));
  assert.equal(await page.ask(text, ".story h1"), DAM);
  assert.equal(await page.ask(visible, ".view"), 1);
  assert.match(await page.ask(() => document.title), /^Six dead/);
  assert.equal(await page.ask(() => document.activeElement.tagName), "H1");
  await page.ask(() => history.back());
  await page.until(() => !document.querySelector(".front").hidden);
  assert.equal(await page.ask(visible, ".story"), 0);
}));

test("an address leads straight to an article, and to two side by side", async () => {
  let article, both;
  await on(report, {}, async (page) => {
    await page.click("#rows > li > a");
    await page.until(() => document.querySelector(".story .compare"));
    [article, both] = await page.ask(() => ["#" + document.querySelectorAll(".art")[2].id, document.querySelector(".story .compare").getAttribute("href")]);
  });
  await on(report, { hash: article }, async (page) => {
    assert.equal(await page.ask(visible, ".story"), 1);
    assert.ok(await page.ask((id) => document.querySelector(id).classList.contains("lit"), article));
  });
  await on(report, { hash: both }, async (page) => {
    assert.equal(await page.ask(visible, ".view.compare"), 1);
    assert.equal(await page.ask(visible, ".view"), 1);
  });
});

test("why is this one in: the explanation opens", () => on(report, {}, async (page) => {
  await page.click("#rows > li > a");
  await page.until(() => document.querySelector(".story .why summary"));
  const at = await page.ask(() => {
    const whys = Array.from(document.querySelectorAll(".story .why"));
    const one = whys.find((why) => why.querySelector(".parts"));
    one.querySelector("summary").id = "the-why";
    return one.open;
  });
  assert.equal(at, false);
  await page.click("#the-why");
  const told = await page.until(() => document.querySelector(".why[open]")?.innerText);
  for (const word of ["strongest link", "sum of", "same terms"]) assert.ok(told.includes(word), told);
}));

test("a newcomer finds the answers", () => on(report, {}, async (page) => {
  // Of the most republished story: which outlets only copied it, who had it first, how sure is that?
  const first = await page.ask(() => document.querySelector(".cards li").innerText);
  assert.ok(first.includes(DAM) && /Meridian Wire had it earliest; 6 articles took it/.test(first), first);
  // Which two stories look alike but are not the same, and why?
  const alike = await page.ask(() => Array.from(document.querySelectorAll("#alike-h ~ .cards li"), (li) => li.innerText).join("\n"));
  assert.match(alike, /Skerrin/);
  await page.click(".cards li a");
  await page.until(() => document.querySelector(".story:not([hidden]) .facts"));
  const facts = await page.ask(text, ".story .facts");
  assert.match(facts, /Had it first\s+Meridian Wire high confidence/);
  const copied = facts.match(/Only copied it\s+(.*)/)[1];
  for (const outlet of ["Kestrel Daily", "Northfield Courier", "Saltmarsh Echo", "The Calder Post", "The Eastbank Standard", "tribune-thornwater"]) assert.ok(copied.includes(outlet), copied);
  assert.ok(!copied.includes("Harbour Ledger") && !copied.includes("Vale Gazette"), copied);
  // Which sentence was changed in which copy?
  const changes = await page.ask(() => Array.from(document.querySelectorAll(".story .art")).map((art) => [art.querySelector("b").innerText, art.querySelectorAll(".changes del, .changes ins").length]));
  assert.ok(changes.some(([outlet, n]) => outlet === "Kestrel Daily" && n > 2), JSON.stringify(changes));
  assert.ok(changes.filter(([outlet]) => outlet === "Meridian Wire").every(([, n]) => n === 0));
}));

test("two stories that look alike say what keeps them apart", () => on(report, {}, async (page) => {
  const href = await storyOf(page, "Orrin Bay in line to inherit the submarines from Skerrin");
  await page.click(`#rows a[href="${href}"]`);
  await page.until(() => document.querySelector(".story:not([hidden]) .related summary"));
  const why = await page.ask(text, ".story:not([hidden]) .related");
  assert.match(why, /Not the same event: .*(Kestrel Daily|Harbour Ledger).*/);
  assert.match(await page.ask(text, ".story:not([hidden]) .facts"), /Dates in doubt\s+\[tribune-skerrin-submarines\]: 2031-08-26/);
}));

// --- side by side -------------------------------------------------------------------------------------------------------

const kestrel = async (page) => {
  await page.click("#rows > li > a");
  await page.until(() => document.querySelector(".story .compare"));
  await page.ask(() => Array.from(document.querySelectorAll(".art")).find((a) => a.querySelector("b").innerText === "Kestrel Daily").querySelector(".compare").click());
  await page.until(() => document.querySelector(".view.compare:not([hidden]) .col"));
};
const tops = () => Array.from(document.querySelectorAll(".view.compare:not([hidden]) .col"), (col) => col.scrollTop);

test("two columns scroll together", () => on(report, { height: 500 }, async (page) => {
  await kestrel(page);
  for (const [side, other] of [[0, 1], [1, 0]]) {
    for (const share of [0.5, 1, 0]) {
      await page.ask((side, share) => {
        const col = document.querySelectorAll(".view.compare:not([hidden]) .col")[side];
        col.scrollTop = share * (col.scrollHeight - col.clientHeight);
      }, side, share);
      await new Promise((done) => setTimeout(done, 150));
      const now = await page.ask(tops);
      if (share === 0) assert.ok(now[other] < 60, `${now}`);
      else assert.ok(now[other] > 20, `column ${other} stood still at ${now}`);
    }
  }
}));

test("a number, a mark and the map lead to the other side", () => on(report, { height: 500 }, async (page) => {
  await kestrel(page);
  const last = await page.ask(() => {
    const all = document.querySelectorAll(".view.compare:not([hidden]) .col[data-side='0'] .n");
    return all[all.length - 1].dataset.p;
  });
  const seen = (side, n) => page.ask((side, n) => {
    const col = document.querySelectorAll(".view.compare:not([hidden]) .col")[side];
    const [a, box] = [col.querySelector(`.n[data-p="${n}"]`).getBoundingClientRect(), col.getBoundingClientRect()];
    return a.top >= box.top - 1 && a.bottom <= box.bottom + 1;
  }, side, n);
  await page.click(`.view.compare:not([hidden]) .col[data-side="0"] .n[data-p="${last}"]`);
  assert.ok(await seen(1, last));
  assert.ok(await page.ask((n) => document.activeElement.dataset.p === n && document.activeElement.closest(".col").dataset.side === "1", last));
  await page.click(`.view.compare:not([hidden]) .col[data-side="1"] mark`);
  assert.equal(await page.ask(() => document.activeElement.closest(".col")?.dataset.side), "0");
  const before = await page.ask(tops);
  await page.ask(() => {
    const map = document.querySelector(".view.compare:not([hidden]) .map");
    const box = map.getBoundingClientRect();
    map.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: box.left + 4, clientY: box.bottom - 2 }));
  });
  assert.ok((await page.ask(tops))[0] > before[0]);
}));

test("keys go through the passages", () => on(quotes, { height: 600 }, async (page) => {
  const now = () => page.ask(() => [document.activeElement.dataset.p, document.activeElement.closest(".col")?.dataset.side]);
  await page.ask(() => document.querySelector("h1").focus());
  await page.key("n");
  assert.deepEqual(await now(), ["1", "0"]);
  await page.key("o");
  assert.deepEqual(await now(), ["1", "1"]);
  await page.key("n");
  const [next, side] = await now();
  assert.ok(side === "1" && next !== "1", `${next} ${side}`);
  await page.key("p");
  assert.deepEqual(await now(), ["1", "1"]);
}));

test("quotations, furniture and short passages can be left unmarked", () => on(quotes, {}, async (page) => {
  const marked = (kind) => page.ask((kind) => document.querySelectorAll(`mark${kind}:not(.off)`).length, kind);
  const all = await marked("");
  assert.ok((await marked(".k-quote")) > 0);
  await page.click(".t-quote");
  assert.equal(await marked(".k-quote"), 0);
  assert.ok((await page.ask(visible, ".passages > li")) < (await page.ask(() => document.querySelectorAll(".passages > li").length)));
  await page.click(".t-quote");
  assert.equal(await marked(""), all);
  await page.click(".t-furniture");
  assert.equal((await marked(".k-furniture")) + (await marked(".k-headline")), 0);
  await page.ask(() => {
    const least = document.querySelector(".t-least");
    least.value = 100000;
    least.dispatchEvent(new Event("input", { bubbles: true }));
  });
  assert.equal(await marked(""), 0);
  assert.equal(await page.ask(visible, ".passages > li"), 0);
}));

test("a comparison tells shares, direction, differing words and who else has a passage", () => on(compare, {}, async (page) => {
  const page_text = await page.ask(text, "#compare");
  assert.match(page_text, /\d+ % of A stands in B, \d+ % of B stands in A/);
  assert.match(page_text, /(A|B) had it earlier: .*confidence/);
  assert.match(page_text, /A, earlier: Meridian Wire[\s\S]*B, later: Kestrel Daily/);
  assert.ok((await page.ask(visible, ".x")) > 2);
  assert.match(page_text, /Who else has this passage \(\d+\)/);
  const numbers = (side) => page.ask((side) => Array.from(document.querySelectorAll(`.col[data-side="${side}"] .n`), (a) => a.dataset.p + a.className).sort(), side);
  assert.deepEqual(await numbers(0), await numbers(1), "numbered and coloured alike");
}));

// --- everywhere ---------------------------------------------------------------------------------------------------------

test("with the keyboard alone one finds a story and its origin", () => on(report, {}, async (page) => {
  await page.key("Tab");
  assert.equal(await page.ask(() => document.activeElement.className), "skip");
  await page.key("Enter");
  const focused = () => page.ask(() => [document.activeElement.id, document.activeElement.closest("#rows") ? "row" : "", getComputedStyle(document.activeElement).outlineStyle]);
  for (let left = 80; left > 0; left--) {
    await page.key("Tab");
    if ((await focused())[0] === "f-text") break;
  }
  assert.deepEqual((await focused())[0], "f-text");
  assert.notEqual((await focused())[2], "none", "focus is seen");
  await page.type("spillway");
  await page.until(() => document.querySelectorAll("#rows > li").length < 5);
  for (let left = 30; left > 0 && (await focused())[1] !== "row"; left--) await page.key("Tab");
  await page.key("Enter");
  await page.until(() => document.querySelector(".story:not([hidden])"));
  for (let left = 60; left > 0; left--) {
    await page.key("Tab");
    if (await page.ask(() => document.activeElement.tagName === "SUMMARY" && document.activeElement.innerText.includes("Why"))) break;
  }
  await page.key("Enter");
  await page.until(() => document.querySelector(".why[open]"));
}));

test("without scripts everything is there to be read", () => on(report, { scripts: false }, async (page) => {
  assert.equal(await page.ask(visible, ".js-only"), 0);
  assert.equal(await page.ask(visible, ".story"), 40);
  assert.equal(await page.ask(() => document.querySelectorAll("#rows > li").length), 40);
  assert.ok((await page.ask(visible, ".view.compare")) > 10);
  const broken = await page.ask(() => Array.from(document.querySelectorAll("a[href^='#']"), (a) => a.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)));
  assert.deepEqual(broken, []);
  const ids = await page.ask(() => { const all = Array.from(document.querySelectorAll("[id]"), (e) => e.id); return all.filter((id, at) => all.indexOf(id) !== at); });
  assert.deepEqual(ids, [], "names that stand twice");
}));

test("dark mode is dark and light mode is light", async () => {
  const light = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
  for (const dark of [false, true]) {
    await on(report, { dark }, async (page) => {
      const [paper, ink] = await page.ask(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]);
      assert.ok(dark ? light(paper) < 60 && light(ink) > 180 : light(paper) > 200 && light(ink) < 80, `${paper} ${ink}`);
    });
  }
});

for (const width of [400, 1400]) {
  test(`nothing sticks out at ${width} pixels`, () => on(report, { width, height: 800 }, async (page) => {
    const over = () => page.ask(() => {
      const wide = document.documentElement.scrollWidth - innerWidth;
      const who = Array.from(document.querySelectorAll("main *")).filter((e) => e.checkVisibility() && !e.closest(".scroll") && e.getBoundingClientRect().right > innerWidth + 1);
      return wide > 0 ? [wide, ...who.slice(0, 3).map((e) => e.outerHTML.slice(0, 120))] : [];
    });
    assert.deepEqual(await over(), [], "front page");
    const hrefs = await page.ask(() => Array.from(document.querySelectorAll("#rows > li > a"), (a) => a.getAttribute("href")));
    for (const href of hrefs.slice(0, 12)) {
      await page.ask((href) => { location.hash = href; }, href);
      await page.until((id) => document.getElementById(id) && !document.getElementById(id).hidden, href.slice(1));
      await page.ask(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
      assert.deepEqual(await over(), [], href);
    }
    await page.ask((href) => { location.hash = href; }, hrefs[0]);
    await page.until((id) => !document.getElementById(id).hidden, hrefs[0].slice(1));
    await page.ask(() => { location.hash = document.querySelector(".story:not([hidden]) .compare").getAttribute("href"); });
    await page.until(() => document.querySelector(".view.compare:not([hidden])"));
    assert.deepEqual(await over(), [], "side by side");
    const [first, second] = await page.ask(() => Array.from(document.querySelectorAll(".view.compare:not([hidden]) .col"), (c) => c.getBoundingClientRect().left));
    assert.equal(first === second, width === 400, "columns beside each other, or one below the other");
  }));
}

for (const dark of [false, true]) {
  test(`the audit of accessibility finds nothing serious, ${dark ? "dark" : "light"}`, async () => {
    await on(report, { dark }, async (page) => {
      await audit(page, "the front page");
      await page.click("#rows > li > a");
      await page.until(() => document.querySelector(".story:not([hidden])"));
      await page.ask(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
      await audit(page, "a story");
      await page.ask(() => { location.hash = document.querySelector(".story:not([hidden]) .compare").getAttribute("href"); });
      await page.until(() => document.querySelector(".view.compare:not([hidden])"));
      await audit(page, "two side by side");
    });
    await on(compare, { dark, width: 400 }, (page) => audit(page, "a comparison of its own"));
    await on(passages, { dark }, (page) => audit(page, "passages"));
    await on(join(folder, "index.html"), { dark, width: 400 }, (page) => audit(page, "the front page of a folder"));
  });
}

test("a printed page has no controls and shows what the screen scrolls", () => on(compare, {}, async (page) => {
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  assert.equal(await page.ask(visible, ".filters, .js-only, .map"), 0);
  assert.ok(await page.ask(() => Array.from(document.querySelectorAll(".col")).every((c) => c.scrollHeight <= c.clientHeight + 1)));
}));

test("hostile titles and texts are inert", async () => {
  for (const file of [hostile, join(hostileFolder, "index.html")]) {
    await on(file, {}, async (page) => {
      const links = await page.ask(() => Array.from(document.querySelectorAll("#rows > li > a"), (a) => a.getAttribute("href")));
      assert.ok(links.length >= 2);
      for (const link of links.filter((link) => link.startsWith("#"))) {
        await page.ask((link) => { location.hash = link; }, link);
        await page.until((id) => document.getElementById(id) && !document.getElementById(id).hidden, link.slice(1));
        await page.ask(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
      }
      const compares = await page.ask(() => Array.from(document.querySelectorAll("a.compare"), (a) => a.getAttribute("href")));
      for (const link of compares) await page.ask((link) => { location.hash = link; }, link);
      const bad = await page.ask(() => ({
        scripts: document.querySelectorAll("script").length,
        images: document.querySelectorAll("img, iframe, object, embed, link[rel=prefetch]").length,
        handlers: Array.from(document.querySelectorAll("*")).filter((e) => Array.from(e.attributes).some((a) => a.name.startsWith("on"))).length,
        addresses: Array.from(document.querySelectorAll("a[href]"), (a) => a.getAttribute("href")).filter((h) => !/^(#|https:\/\/ok\.example\/|[a-z0-9-]+\.html(#|$))/.test(h)),
      }));
      assert.deepEqual(bad, { scripts: 2, images: 0, handlers: 0, addresses: [] });
    });
  }
  // The texts themselves are shown as they are.
  await on(hostile, { scripts: false }, async (page) => {
    const all = await page.ask(() => document.body.innerText);
    for (const words of ["<script>alert('title')</script>", "<svg onload=alert(5)>", "Evil & <b>Sons</b>"]) assert.ok(all.includes(words), words);
    assert.ok(!/[\u202e\u0000\u001b]/.test(all));
    assert.equal(await page.ask(() => document.querySelectorAll("script:not([type])").length), 1);
  });
});

test("text that runs from right to left does", () => on(hostile, {}, async (page) => {
  const direction = await page.ask(() => getComputedStyle(Array.from(document.querySelectorAll("#rows > li > a")).find((a) => a.textContent.includes("جسر"))).direction);
  assert.equal(direction, "rtl");
}));

test("the pages of a folder lead to each other", async () => {
  const files = readdirSync(folder);
  assert.ok(files.length > 20);
  const names = new Map(files.filter((f) => f.endsWith(".html")).map((f) => [f, readFileSync(join(folder, f), "utf8")]));
  let links = 0;
  for (const [file, html] of names) {
    for (const [, href] of html.matchAll(/href="([^"]*)"/g)) {
      if (/^https?:/.test(href)) continue;
      const [, name, hash] = href.match(/^([^#]*)(?:#(.*))?$/);
      const target = name === "" ? html : name.endsWith(".html") ? names.get(name) : files.includes(name) && "";
      assert.notEqual(target, undefined, `${file}: ${href}`);
      assert.notEqual(target, false, `${file}: ${href}`);
      if (hash) assert.ok(target.includes(`id="${hash}"`), `${file}: ${href}`);
      links++;
    }
  }
  assert.ok(links > 300, `${links}`);
  await on(join(folder, "index.html"), {}, async (page) => {
    await page.click("#rows > li > a");
    await page.until(() => document.querySelector(".story h1"));
    assert.equal(await page.ask(text, "h1"), DAM);
    await page.click(".compare");
    await page.until(() => document.querySelector(".view.compare:not([hidden]) .col"));
    assert.equal(await page.ask(visible, ".view"), 1);
    await page.click(".view.compare .crumbs a");
    await page.until(() => !document.querySelector(".story").hidden);
    await page.click(".story .crumbs a");
    await page.until(() => document.querySelector(".front"));
  });
});

test("the passages of a corpus can be searched and lead to two texts side by side", () => on(passages, {}, async (page) => {
  assert.match(await page.ask(text, "h1"), /^\d+ passages in \d+ pairs of articles$/);
  assert.ok((await page.ask(visible, ".rows > li")) > 5);
  await page.click("a.compare");
  await page.until(() => document.querySelector(".view.compare:not([hidden]) .col"));
  assert.ok((await page.ask(visible, "mark")) > 0);
}));

test("drawings are well-formed and fit a column", async () => {
  for (const drawing of ["timeline", "matrix"]) {
    const file = join(out, `figure.${drawing}.svg`);
    await on(file, {}, async (page) => {
      const [name, width, sticks] = await page.ask(() => [
        document.documentElement.tagName,
        document.documentElement.getAttribute("width"),
        Array.from(document.querySelectorAll("text, rect, circle, path")).filter((e) => { const b = e.getBoundingClientRect(), s = document.documentElement.getBoundingClientRect(); return b.right > s.right + 1 || b.left < s.left - 1 || b.bottom > s.bottom + 1 || b.top < s.top - 1; }).map((e) => e.outerHTML),
      ]);
      assert.deepEqual([name, width, sticks], ["svg", "88mm", []]);
    });
  }
});

// --- run ----------------------------------------------------------------------------------------------------------------

let [passed, failed] = [0, 0];
const begun = Date.now();
try {
  report = make("report.html", "cluster", data);
  folder = make("folder/", "cluster", data);
  make("figure.svg", "cluster", data);
  // Articles that have nothing in common.
  const mixed = (n) => {
    let x = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
  const word = (n) => Array.from({ length: 7 }, (_, at) => String.fromCharCode(97 + (mixed(n * 7 + at + 1) % 26))).join("");
  const article = (n) => ({ id: `n${n}`, title: `Notes ${word(n * 100)} ${n}`, outlet: "The Long List", text: Array.from({ length: 60 }, (_, at) => word(n * 100 + at)).join(" ") + "." });
  writeFileSync(join(out, "long.jsonl"), Array.from({ length: 260 }, (_, n) => JSON.stringify(article(n))).join("\n"));
  long = make("long.html", "cluster", join(out, "long.jsonl"));
  compare = make("compare.html", "compare", data, "mw-thornwater-spillway", "kestrel-thornwater");
  quotes = make("quotes.html", "compare", data, "courier-skerrin-closure", "tribune-skerrin-submarines");
  passages = make("passages.html", "passages", data);
  hostile = make("hostile.html", "cluster", join(here, "hostile.jsonl"));
  hostileFolder = make("hostile/", "cluster", join(here, "hostile.jsonl"));
  browser = await Browser.launch(chromium);
  for (const [name, run] of tests.filter(([name]) => !only || name.includes(only))) {
    try {
      await run();
      passed++;
      console.log(`ok      ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}\n${error.stack.replace(/^/gm, "        ")}`);
    }
  }
} finally {
  await browser?.close();
  if (!process.env.KEEP) rmSync(out, { recursive: true, force: true });
}
console.log(`browser: ${passed} passed, ${failed} failed (${Math.round((Date.now() - begun) / 1000)} s)`);
process.exit(failed ? 1 : 0);
