// Loaded into jsii's Node processes by gateprint/stack/bootstrap.py. What is written stays the same.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');

// The npm packages @cdktf/provider-* load all of their modules from lib/index.js, although they
// also ship lib/lazy-index.js, which exports the same names and loads each module on first use.
const EAGER_INDEX = /([\\/]@cdktf[\\/]provider-[^\\/]+[\\/]lib[\\/])index\.js$/;

function preferLazy(filename) {
  const lazy = filename.replace(EAGER_INDEX, '$1lazy-index.js');
  return fs.existsSync(lazy) ? lazy : filename;
}

// jsii's launcher starts a second Node, which does the work, and hands every message on to it.
const LAUNCHER = /([\\/])bin[\\/]jsii-runtime\.js$/;
// That one talks through this descriptor. No file has it: libuv took it when Node started.
const CHANNEL = 3;

function runInPlace(program) {
  const { readSync, writeSync } = fs;
  fs.readSync = (descriptor, ...rest) => readSync(descriptor === CHANNEL ? 0 : descriptor, ...rest);
  fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === CHANNEL ? 1 : descriptor, ...rest);
  // jsii looks here whether it may link packages, and copies thousands of files if not; in force it
  // is by NODE_OPTIONS.
  process.execArgv.push('--preserve-symlinks');
  // What a package prints must not stand between the messages.
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });
  return program;
}

// For every token CDKTF notes where it was made (lib/tokens/private/stack-trace.js), and shows it
// nowhere: a sixth of what Node computes. It asks with such an object; errors do not.
function withoutTraces(captureStackTrace) {
  return (target, ...below) => {
    if (Object.keys(target).join() !== 'stack' || target.stack !== '') {
      captureStackTrace(target, ...below);
    }
  };
}

// Python's jsii names itself in JSII_AGENT; any other Node process is left as it is.
if (process.env.JSII_AGENT && process.env.GATEPRINT_FAST_SYNTH !== '0') {
  const resolveFilename = Module._resolveFilename;
  Module._resolveFilename = function (...request) {
    const found = resolveFilename.apply(this, request);
    const program = found.replace(LAUNCHER, '$1lib$1program.js');
    return program !== found && fs.existsSync(program) ? runInPlace(program) : preferLazy(found);
  };
  Error.captureStackTrace = withoutTraces(Error.captureStackTrace);
}
