// Shows SVG files in Chromium, keeps what is seen as PNG, and writes the page that lists them.
//
// usage: node gallery.mjs DRAWN MODELS GALLERY     DRAWN holds a folder with `diagrams` for each model

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [drawn, models, gallery] = process.argv.slice(2);
// A wider picture is shown at this width, as on a page.
const WIDEST = 1600;
const ORDER = ["overview", "deployment", "dataflow", "permissions", "cost"];
const TITLES = {
  webshop: "Tienda web: the seed system (Spanish)",
  "three-tier": "Three-tier web store",
  serverless: "Event-driven orders",
  fargate: "Bookings in containers",
  "data-lake": "Streaming data lake",
  "multi-region": "Active in two regions",
};
// Of the large system, its overview and some of the pages that it opens.
const LARGE = ["overview", "page-net0", "page-api0"];

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await browser.newPage();
async function keep(svg, png, scheme) {
  const [, width, height] = readFileSync(svg, "utf8").match(/<svg [^>]*width="([\d.]+)" height="([\d.]+)"/).map(Number);
  const scale = Math.min(1, WIDEST / width);
  const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
  await page.setViewport({ ...size, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(svg).href);
  await page.evaluate(({ width, height }) => {
    document.documentElement.setAttribute("width", width);
    document.documentElement.setAttribute("height", height);
  }, size);
  await page.screenshot({ path: png });
}

const shown = new Set();
const lines = [
  "# Gallery", "",
  "Every picture of every model in `models/`, as a browser shows the SVG that `archc build` writes; `.ci/gallery` draws them. "
    + "A picture is one file for light and dark pages; the dark form of the first one is shown as well. "
    + "[How good they are](../guide/drawings.md) is measured.", "",
];
async function show(model, title, view, ending = "", scheme = "light") {
  const name = `${model}-${view}${ending}.png`;
  await keep(join(drawn, model, "diagrams", `${view}.svg`), join(gallery, name), scheme);
  shown.add(name);
  lines.push(`![${title}: ${view}${ending}](${name})`, "");
}
const rank = (view) => (ORDER.indexOf(view) + 1 || ORDER.length + 1);
const names = [...Object.keys(TITLES), ...readdirSync(models).filter((name) => name.endsWith(".arch")).map((name) => name.replace(".arch", ""))];
for (const model of [...new Set(names)]) {
  const title = TITLES[model] ?? model;
  lines.push(`## ${title}`, "", `Model: [\`${model}.arch\`](../../models/${model}.arch)`, "");
  const views = readdirSync(join(drawn, model, "diagrams")).filter((name) => name.endsWith(".svg"));
  const sorted = views.map((name) => name.replace(".svg", "")).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  for (const view of sorted) {
    await show(model, title, view);
    if (model === "webshop" && view === "deployment") await show(model, title, view, "-dark", "dark");
  }
}
lines.push("## A large system on pages", "", "`archc dev generate --services 1000 --seed 1`: the overview, and pages that it opens.", "");
for (const view of LARGE) await show("large", "A large system", view);
// What is not drawn any more goes only when all else is there.
const isOld = (name) => name.endsWith(".png") && !shown.has(name);
for (const old of readdirSync(gallery).filter(isOld)) rmSync(join(gallery, old));
writeFileSync(join(gallery, "README.md"), `${lines.join("\n").trimEnd()}\n`);
await browser.close();
