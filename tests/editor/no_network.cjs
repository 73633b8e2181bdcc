// Loaded into the language server: whatever it wants from a network fails, and is told.
const net = require("node:net");

net.Socket.prototype.connect = function (...words) {
  const [{ host, port } = {}] = words.flat();
  process.stderr.write(`network: ${host}:${port}\n`);
  throw new Error("the tests allow no network");
};
