// Opens every export below a folder in its tool, counts boxes and lines there, and compares them with the SVG beside it.
//
// usage: node open.mjs FOLDER      CHROMIUM holds the path of the browser for Mermaid and mxGraph

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { D2 } from "@terrastruct/d2";
import puppeteer from "puppeteer-core";

const require = createRequire(import.meta.url);
const files = (folder) => readdirSync(folder).sort().flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : [path];
});
const count = (text, pattern) => (text.match(pattern) ?? []).length;

// What the picture itself holds: boxes of things and of containers, and lines; a sequence has lanes and messages.
function drawn(path) {
  const svg = readFileSync(path.replace(/\.[a-z0-9]+$/, ".svg"), "utf8");
  if (svg.includes("data-arch")) {
    const kind = (name) => count(svg, new RegExp(`data-kind="${name}"`, "g"));
    return { boxes: kind("node") + kind("group"), lines: kind("edge") };
  }
  return { boxes: count(svg, /<g id="[^"]*" class="n c-/g), lines: count(svg, /<g class="e"/g) };
}

function graphviz(path) {
  const svg = execFileSync("dot", ["-Tsvg", path], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const kind = (name) => count(svg, new RegExp(`class="${name}"`, "g"));
  return { boxes: kind("node") + kind("cluster"), lines: kind("edge") };
}

const d2 = new D2();
async function terrastruct(path) {
  const { diagram, renderOptions } = await d2.compile(readFileSync(path, "utf8"), { layout: "dagre" });
  const svg = await d2.render(diagram, renderOptions);
  if (!svg.includes("<svg")) throw new Error("no picture");
  // Of a sequence, lifelines are lines to nothing.
  const names = new Set(diagram.shapes.map((shape) => shape.id));
  return { boxes: names.size, lines: diagram.connections.filter((line) => names.has(line.dst)).length };
}

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
async function blank(script, before) {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><body></body>");
  if (before) await page.evaluate(before);
  await page.addScriptTag({ content: readFileSync(require.resolve(script), "utf8") });
  return page;
}

const mermaidPage = await blank("mermaid/dist/mermaid.min.js");
async function mermaid(path) {
  return mermaidPage.evaluate(async (text) => {
    window.mermaid.initialize({ startOnLoad: false, maxEdges: 5000, maxTextSize: 5_000_000 });
    const { svg } = await window.mermaid.render("picture", text);
    const held = document.createElement("div");
    held.innerHTML = svg;
    const some = (query) => held.querySelectorAll(query).length;
    const lines = some("path.flowchart-link") + some("[class^=messageLine]");
    return { boxes: some("g.node") + some("g.cluster") + some("rect.actor-top"), lines };
  }, readFileSync(path, "utf8"));
}

const mxPage = await blank("mxgraph/javascript/mxClient.min.js", () => {
  window.mxBasePath = "";
  window.mxLoadResources = false;
  window.mxLoadStylesheets = false;
});
async function drawio(path) {
  return mxPage.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "text/xml");
    if (parsed.querySelector("parsererror")) throw new Error("no XML");
    const model = new mxGraphModel();
    new mxCodec(parsed).decode(parsed.querySelector("mxGraphModel"), model);
    const graph = new mxGraph(document.createElement("div"), model);
    const found = { boxes: 0, lines: 0 };
    for (const cell of Object.values(model.cells)) {
      const geometry = cell.geometry;
      if (model.isEdge(cell)) {
        const at = (end, point) => model.getTerminal(cell, end) ?? geometry.getTerminalPoint(end);
        if (!at(true) || !at(false)) throw new Error(`a line without an end: ${cell.id}`);
        found.lines += 1;
      } else if (model.isVertex(cell)) {
        if (!(geometry.width > 0 && geometry.height > 0)) throw new Error(`a box without a size: ${cell.id}`);
        found.boxes += 1;
      }
    }
    graph.destroy();
    return found;
  }, readFileSync(path, "utf8"));
}

const version = (name) => JSON.parse(readFileSync(join(import.meta.dirname, "node_modules", name, "package.json"))).version;
const tools = [
  [".dot", `Graphviz ${execFileSync("sh", ["-c", "dot -V 2>&1"], { encoding: "utf8" }).match(/[\d.]+/)[0]}`, graphviz],
  [".mmd", `Mermaid ${version("mermaid")}`, mermaid],
  [".d2", `D2 ${version("@terrastruct/d2")}`, terrastruct],
  [".drawio", `mxGraph ${version("mxgraph")}`, drawio],
];
let failed = 0;
console.log("| tool | files | opened | as many boxes and lines as the picture |\n| --- | ---: | ---: | ---: |");
const complaints = [];
for (const [ending, name, open] of tools) {
  const all = files(process.argv[2]).filter((path) => path.endsWith(ending));
  let opened = 0, same = 0;
  for (const path of all) {
    try {
      const [found, wanted] = [await open(path), drawn(path)];
      opened += 1;
      if (found.boxes === wanted.boxes && found.lines === wanted.lines) same += 1;
      else complaints.push(`${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    } catch (error) {
      complaints.push(`${path}: ${String(error.message ?? error).split("\n")[0]}`);
    }
  }
  if (all.length === 0 || same < all.length) failed = 1;
  console.log(`| ${name} | ${all.length} | ${opened} | ${same} |`);
}
for (const complaint of complaints) console.error(complaint);
await browser.close();
process.exit(failed);
