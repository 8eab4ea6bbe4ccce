// @ts-check
// Measures the way to an RPC server, from wherever this process is: `node tell.mjs HOST:PORT` prints it as JSON.
import { measureLink } from "../../../dist/maintenance.js";

const [host = "", port = ""] = (process.argv[2] ?? "").split(":");
console.log(JSON.stringify(await measureLink({ host, port: Number(port) })));
