// Makes calls with a generated client and says what became of each: in Node, and in a page.

export async function told(sdk, { baseUrl, key, calls, lateMs = 0 }) {
  const given = key && { ...key, expiration: new Date(Date.now() + 900_000) };
  const clock = { now: () => Date.now() - lateMs, random: () => 0, sleep: async () => {} };
  const client = new sdk.ShopClient({ baseUrl, clock, ...(given ? { credentials: () => given } : {}) });
  const known = Object.getOwnPropertyNames(sdk.ShopClient.prototype).filter((one) => one !== "constructor");
  const answers = [];
  for (const [method, ...arguments_] of calls) answers.push(await said(client, method, arguments_));
  return { known, answers };
}

async function said(client, method, arguments_) {
  try {
    const { status, body } = await client[method](...arguments_);
    return { status, body };
  } catch (error) {
    return { status: error.status, kind: error.name, message: error.message };
  }
}
