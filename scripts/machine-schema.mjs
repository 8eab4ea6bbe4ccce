// Writes configs/machines/machine.schema.json, by which editors complete machine files. Run it as `npm run schema`.
import { writeFileSync } from "node:fs";
import { machineJsonSchema } from "../dist/maintenance.js";

const file = new URL("../configs/machines/machine.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(machineJsonSchema(), null, 2)}\n`);
