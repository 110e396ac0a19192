#!/usr/bin/env node
// `heartwood backup` and `heartwood restore`: the tools for whoever runs the system.
import { buildServer, checkNode, installMissing, root } from "./prepare.mjs";

checkNode();
installMissing();
await buildServer();
process.env.HEARTWOOD_ROOT = root;
await import("../.build/operate.mjs");
