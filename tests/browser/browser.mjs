// A headless Chromium driven over its debugging pipe: nothing but node is needed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export class Browser {
  static async launch(program) {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), "retold-browser-"));
    browser.child = spawn(program, [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--remote-debugging-pipe", "--hide-scrollbars", `--user-data-dir=${browser.profile}`, "about:blank",
    ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.next = 1;
    browser.waiting = new Map();
    browser.listeners = new Set();
    let rest = "";
    browser.child.stdio[4].setEncoding("utf8").on("data", (data) => {
      const parts = (rest + data).split("\0");
      rest = parts.pop();
      for (const part of parts) browser.take(JSON.parse(part));
    });
    browser.child.on("exit", () => browser.waiting.forEach(({ fail }) => fail(new Error("the browser ended"))));
    await browser.send("Target.setDiscoverTargets", { discover: false });
    return browser;
  }

  take(message) {
    if (message.id) {
      const { done, fail } = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) fail(new Error(message.error.message));
      else done(message.result);
    } else {
      this.listeners.forEach((listener) => listener(message));
    }
  }

  send(method, params = {}, sessionId) {
    const id = this.next++;
    this.child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((done, fail) => this.waiting.set(id, { done, fail }));
  }

  // A page of its own; what goes wrong in it, and what it asks for beyond files, is kept in `complaints`.
  async open(file, { width = 1400, height = 900, dark = false, scripts = true, hash = "" } = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, targetId, sessionId);
    this.listeners.add((message) => message.sessionId === sessionId && page.hear(message));
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    if (!scripts) await page.send("Emulation.setScriptExecutionDisabled", { value: true });
    await page.go(file, hash);
    return page;
  }

  async close() {
    await this.send("Browser.close").catch(() => {});
    await new Promise((done) => (this.child.exitCode === null ? this.child.on("exit", done) : done()));
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

class Page {
  constructor(browser, targetId, sessionId) {
    Object.assign(this, { browser, targetId, sessionId, complaints: [], loaded: () => {} });
  }

  send(method, params) {
    return this.browser.send(method, params, this.sessionId);
  }

  hear({ method, params }) {
    if (method === "Page.loadEventFired") this.loaded();
    if (method === "Runtime.exceptionThrown") this.complaints.push(`exception: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
    if (method === "Runtime.consoleAPICalled") this.complaints.push(`console: ${JSON.stringify(params.args.map((arg) => arg.value))}`);
    if (method === "Log.entryAdded" && params.entry.level !== "verbose") this.complaints.push(`log: ${params.entry.text} ${params.entry.url ?? ""}`);
    // Chromium's own picture of a calendar comes as data, which go nowhere.
    if (method === "Network.requestWillBeSent" && !/^(file|data):/.test(params.request.url)) this.complaints.push(`request: ${params.request.url}`);
    if (method === "Page.javascriptDialogOpening") {
      this.complaints.push(`dialog: ${params.message}`);
      this.send("Page.handleJavaScriptDialog", { accept: false });
    }
  }

  async go(file, hash = "") {
    const loaded = new Promise((done) => (this.loaded = done));
    await this.send("Page.navigate", { url: pathToFileURL(file).href + hash });
    await loaded;
  }

  // What a function of the page says; it is given JSON values.
  async ask(question, ...values) {
    const expression = `(${question})(...${JSON.stringify(values)})`;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  // Waits until a function of the page says something true.
  async until(question, ...values) {
    for (let left = 100; left > 0; left--) {
      const answer = await this.ask(question, ...values);
      if (answer) return answer;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`never came true: ${question} ${JSON.stringify(values)}`);
  }

  async key(key, { shift = false } = {}) {
    const codes = { Tab: 9, Enter: 13, Escape: 27, " ": 32 };
    const code = codes[key] ?? key.toUpperCase().charCodeAt(0);
    const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
    const base = { key, windowsVirtualKeyCode: code, modifiers: shift ? 8 : 0 };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...base });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...base });
  }

  async type(text) {
    await this.send("Input.insertText", { text });
  }

  // Clicks where the first match of a selector is seen.
  async click(selector) {
    const place = await this.ask((selector) => {
      const element = document.querySelector(selector);
      if (!element) return null;
      element.scrollIntoView({ block: "center" });
      const box = element.getClientRects()[0];
      return { x: box.x + Math.min(box.width / 2, 60), y: box.y + box.height / 2 };
    }, selector);
    if (!place) throw new Error(`nothing to click: ${selector}`);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, ...place, button: "left", clickCount: 1 });
    }
  }

  async picture() {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    return Buffer.from(data, "base64");
  }

  async close() {
    await this.browser.send("Target.closeTarget", { targetId: this.targetId });
  }
}
