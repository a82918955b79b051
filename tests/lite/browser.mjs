// Pyodide in node, without a network. It unpacks the packages named, then answers each line of JSON with one:
// {"code"}: what the Python expression is; {"name", "given"}: what the function gives for these arguments, in JavaScript's
// own notation; {"command"}: exit code, output and errors of gkxl with these arguments.
//
// node browser.mjs PYODIDE CHECKOUT PACKAGE.zip…

import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

globalThis.fetch = () => Promise.reject(new Error("the network is not to be used"));
const [home, checkout, ...packages] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(home, "pyodide.mjs")));
const python = await loadPyodide({ stdout: console.error, stderr: console.error });
for (const one of packages) python.unpackArchive(new Uint8Array(fs.readFileSync(one)), "zip", { extractDir: "/packages" });
python.mountNodeFS(checkout, checkout);
python.runPython("import sys; sys.path.insert(0, '/packages')");
const inside = python.runPython(fs.readFileSync(new URL("inside.py", import.meta.url), "utf8"));

function answer({ code, name, given, command }) {
  if (code !== undefined) return inside.evaluate(code);
  if (name !== undefined) return inside.call(name, (0, eval)(`(${given})`));
  return inside.run(command);
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let said;
  try {
    said = { answer: answer(JSON.parse(line)) };
  } catch (error) {
    said = { error: String(error) };
  }
  console.log(JSON.stringify(said));
}
