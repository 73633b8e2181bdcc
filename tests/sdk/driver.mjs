// Calls a generated client between fakes: reads cases as JSON, and writes what became of each.

const { folder, cases } = JSON.parse(process.env.CASES);
const sdk = await import(`file://${folder}/client.js`);

function answerOf({ status = 200, body = "{}", headers = {}, fails, hangs }, signal) {
  if (fails) throw new TypeError("fetch failed");
  if (hangs) {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }
  const named = { "Content-Type": "application/json", "x-amzn-RequestId": "r-1", ...headers };
  return new Response([204, 304].includes(status) ? null : body, { status, headers: named });
}

function fakes(one) {
  const told = { asked: [], waits: [], signIns: 0 };
  let ms = Date.parse("2026-03-01T12:00:00Z");
  const answers = [...one.answers];
  const clock = {
    now: () => ms,
    random: () => 1,
    sleep: async (wait) => {
      told.waits.push(wait);
      ms += wait;
    },
  };
  const fetch = async (url, { signal, headers, body, ...more }) => {
    const text = body === undefined ? null : new TextDecoder().decode(new TextEncoder().encode(body));
    told.asked.push({ url, ...more, headers: Object.fromEntries(headers), body: text });
    return answerOf(answers.length > 1 ? answers.shift() : answers[0], signal);
  };
  const credentials = async () => {
    told.signIns += 1;
    const expiration = one.minutes ? new Date(ms + one.minutes * 60_000) : undefined;
    const secret = { secretAccessKey: "the-secret", sessionToken: "the-token" };
    return { accessKeyId: `AKIA${told.signIns}`, ...secret, ...(expiration ? { expiration } : {}) };
  };
  const token = async () => {
    told.tokens = (told.tokens ?? 0) + 1;
    return one.token;
  };
  const more = one.token === undefined ? {} : { token };
  return { told, options: { clock, fetch, ...(one.anonymous ? {} : { credentials }), ...more } };
}

async function outcome(one) {
  const { told, options } = fakes(one);
  const found = { told };
  try {
    const baseUrl = one.baseUrl ?? "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod";
    const client = new sdk.ShopClient({ baseUrl, ...options, ...one.options });
    for (const [method, ...given] of one.calls) {
      const done = await client[method](...given);
      Object.assign(found, { status: done.status, body: done.body ?? null, id: done.requestId });
    }
    if (one.atOnce) await Promise.all([1, 2, 3, 4].map(() => client.getPetsById({ id: 1 })));
    found.shown = (await import("node:util")).inspect(client, { depth: 9, showHidden: true });
  } catch (error) {
    const { name, message, status, requestId, body } = error;
    const isApiError = error instanceof sdk.ApiError;
    Object.assign(found, { error: { name, message, status, requestId, body, isApiError } });
  }
  return found;
}

async function aborted() {
  const { told, options } = fakes({ answers: [{ status: 503 }] });
  const stop = new AbortController();
  const clock = { ...options.clock, sleep: () => new Promise(() => stop.abort(new Error("enough"))) };
  const client = new sdk.ShopClient({ baseUrl: "https://a.example.com", ...options, clock });
  const said = await client.getPets({ signal: stop.signal }).catch((error) => error.message);
  return { told, said };
}

const outcomes = {};
for (const [name, one] of Object.entries(cases)) outcomes[name] = await outcome(one);
const isBroken = globalThis.broken !== undefined;
const ended = "open" in cases ? await aborted() : null;
console.log(JSON.stringify({ outcomes, aborted: ended, isBroken }));
