// Loaded into jsii's Node processes by gateprint/stack/bootstrap.py. The npm packages
// @cdktf/provider-* load all of their modules from lib/index.js, although they also ship
// lib/lazy-index.js, which exports the same names and loads each module on first use.
'use strict';

const { existsSync } = require('node:fs');
const Module = require('node:module');

const EAGER_INDEX = /([\\/]@cdktf[\\/]provider-[^\\/]+[\\/]lib[\\/])index\.js$/;

function preferLazy(filename) {
  const lazy = filename.replace(EAGER_INDEX, '$1lazy-index.js');
  return existsSync(lazy) ? lazy : filename;
}

// Python's jsii names itself in JSII_AGENT; any other Node process is left as it is.
if (process.env.JSII_AGENT && process.env.GATEPRINT_FAST_SYNTH !== '0') {
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (...request) {
    return preferLazy(resolveFilename.apply(this, request));
  };
}
