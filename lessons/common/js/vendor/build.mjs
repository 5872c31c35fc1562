// Makes vega.js, one module, of entry.mjs and the pinned packages: `npm install && npm run build`.

import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const ABSENT = /^(d3-geo|d3-geo-projection|d3-dsv|topojson-client|vega-projection|vega-geo)$/;
// Vega-Lite takes four helpers from the whole of Vega, which only hands them on; and one parser is enough.
const INSTEAD = { vega: "vega-util", "vega-expression": "vega-expression" };

const slim = {
  name: "slim",
  setup(bundle) {
    const here = { resolveDir: process.cwd(), kind: "import-statement", pluginData: "resolved" };
    bundle.onResolve({ filter: /^vega(-expression)?$/ }, ({ path, pluginData }) =>
      (pluginData ? null : bundle.resolve(INSTEAD[path], here)));
    bundle.onResolve({ filter: ABSENT }, ({ path }) => ({ path, namespace: "absent" }));
    bundle.onLoad({ filter: /.*/, namespace: "absent" }, ({ path }) => ({
      contents: `module.exports = new Proxy({ __esModule: true }, {
        get: (own, name) => own[name] ?? (() => { throw new Error(String(name) + " of ${path} is left out"); }),
      });`,
      loader: "js",
    }));
  },
};

const version = name => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
const named = ["vega", "vega-lite", "vega-interpreter"].map(name => `${name} ${version(name)}`).join(", ");
await build({
  entryPoints: ["entry.mjs"],
  outfile: "vega.js",
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  banner: { js: `/* ${named}; BSD 3-Clause, see LICENSE */` },
  plugins: [slim],
});
// Bundled with them are d3's modules (ISC) and others; all their licences.
const packages = [
  "vega", "vega-lite", "d3-array", "d3-color", "d3-scale-chromatic", "d3-delaunay", "delaunator", "robust-predicates",
];
const text = name => readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim();
const licences = packages.map(name => `== ${name} ==\n\n${text(name)}\n`);
writeFileSync("LICENSE", licences.join("\n"));
