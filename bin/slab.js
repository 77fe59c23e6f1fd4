#!/usr/bin/env node
const { main } = await import("../dist/bundle/cli/main.js");
await main(process.argv.slice(2));
