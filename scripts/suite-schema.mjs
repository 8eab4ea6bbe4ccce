// Writes configs/suite.schema.json, by which editors complete suites, from the table of flags. Run it as `npm run schema`.
import { writeFileSync } from "node:fs";
import { suiteJsonSchema } from "../dist/maintenance.js";

const file = new URL("../configs/suite.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
