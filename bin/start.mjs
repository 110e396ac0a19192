#!/usr/bin/env node
// `npm start`: everything from a fresh clone to a running Heartwood.
import { buildServer, buildWeb, checkNode, installMissing, root } from "./prepare.mjs";

checkNode();
installMissing();
await buildServer();
await buildWeb();
process.env.HEARTWOOD_ROOT = root;
await import("../.build/server.mjs");
